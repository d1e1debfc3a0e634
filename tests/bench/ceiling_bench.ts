/** What the device can do at most: the ceilings that the other figures stand under. */
import type { Device } from "../../src/tensor/device.ts";
import { copySpeed, productSpeed } from "./ceiling.ts";
import type { BenchOptions, BenchResult } from "./result.ts";

/** A large matrix product in the type that networks compute in, and a large copy. */
export async function* bench(options: BenchOptions): AsyncGenerator<BenchResult> {
  const device = options.device as Device;
  const dtype = device === "cpu" ? "float32" : "bfloat16";
  yield {
    name: `ceiling: ${dtype} product`,
    value: productSpeed(device, dtype, options.isTiny) / 1e12,
    unit: "TFLOP/s",
    note: "more is better",
  };
  yield {
    name: "ceiling: copy, read and written",
    value: copySpeed(device, options.isTiny) / 1e9,
    unit: "GB/s",
    note: "more is better",
  };
}
