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
  // Returns the type that was set before, -1 for none: the shim adds 2, since 0 is failure.
  const set = (dtype: number) => succeeded(native.deino_set_autocast(type, dtype), "autocast") - 2;
  const before = set(dtypeCode(options.dtype));
  try {
    return body();
  } finally {
    set(before);
  }
}
