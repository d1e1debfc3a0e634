import type { Config } from "../config/schema.ts";
import type { Device } from "../tensor/device.ts";
import type { DType } from "../tensor/dtype.ts";

/** The type a run's matrix products compute in on a device; weights and residuals stay in float32. */
export function computeType(
  config: Config,
  device: Device,
): Extract<DType, "bfloat16" | "float32"> {
  const { param_dtype } = config.compute_precision;
  if (param_dtype === "auto") return device === "cpu" ? "float32" : "bfloat16";
  return param_dtype === "bf16" ? "bfloat16" : "float32";
}
