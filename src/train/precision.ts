import type { AutocastOptions } from "../autograd/autocast.ts";
import type { Config } from "../config/schema.ts";
import type { Device } from "../tensor/device.ts";

/** A type that matrix products can compute in. */
type ComputeType = AutocastOptions["dtype"];

/** The type a run's matrix products compute in on a device; weights and residuals stay in float32. */
export function computeType(config: Config, device: Device): ComputeType {
  const { param_dtype } = config.compute_precision;
  if (param_dtype === "auto") return device === "cpu" ? "float32" : "bfloat16";
  return ({ fp32: "float32", bf16: "bfloat16", fp16: "float16" } as const)[param_dtype];
}
