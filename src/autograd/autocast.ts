import { succeeded } from "../ffi/errors.ts";
import { native } from "../ffi/library.ts";
import { type Device, deviceCode } from "../tensor/device.ts";
import { type DType, dtypeCode } from "../tensor/dtype.ts";

/** What {@linkcode autocast} computes in. */
export interface AutocastOptions {
  /** The device whose operations are concerned. */
  device: Device;
  /** The type matrix products run in; `"float32"` leaves everything as it is. */
  dtype: Extract<DType, "float16" | "bfloat16" | "float32">;
}

/**
 * Runs `body` with matrix products and attention in a narrower type, and sums, norms and losses in float32,
 * by PyTorch's autocast lists. Weights are cast once per outermost call.
 */
export function autocast<T>(options: AutocastOptions, body: () => T): T {
  if (options.dtype === "float32") return body();
  const type = deviceCode(options.device) >> 8;
  const before = succeeded(native.deino_set_autocast(type, dtypeCode(options.dtype)), "autocast") -
    2;
  try {
    return body();
  } finally {
    succeeded(native.deino_set_autocast(type, before), "autocast");
  }
}
