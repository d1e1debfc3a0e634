/** What one operator call costs the host, beside the same call from Python. */
import { ones } from "../../src/tensor/create.ts";
import { type Device, synchronize } from "../../src/tensor/device.ts";
import { scope } from "../../src/tensor/scope.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { runPython } from "./python.ts";
import type { BenchOptions, BenchResult } from "./result.ts";

const ROUNDS = 5;
const CALLS = 200;
const REPEATS = 100;

/** Nanoseconds per call on 4 x 4 tensors: the kernel is nothing, the call is all. */
export async function* bench(options: BenchOptions): AsyncGenerator<BenchResult> {
  const device = options.device as Device, repeats = options.isTiny ? 1 : REPEATS;
  const a = ones([4, 4], { device });
  const leaf = ones([4, 4], { device });
  leaf.requiresGrad = true;
  const calls: Record<string, () => Tensor> = {
    "add": () => a.add(a),
    "add, recorded": () => leaf.add(a),
    "matmul": () => a.matmul(a),
    "reshape": () => a.reshape([2, 8]),
  };
  const baseline = await runPython("op_bench.py", [device]) as Record<string, number> | null;
  for (const [name, call] of Object.entries(calls)) {
    const rounds = Array.from({ length: ROUNDS }, () => nanosecondsPerCall(call, device, repeats));
    const value = Math.min(...rounds);
    const peer = baseline?.[name];
    yield {
      name: `call: ${name}, ${device}`,
      value,
      unit: "ns",
      baseline: peer,
      ratio: peer && value / peer,
    };
  }
  a.dispose();
  leaf.dispose();
}

/** Includes freeing the results, as Python's figure does. */
function nanosecondsPerCall(call: () => Tensor, device: Device, repeats: number): number {
  synchronize(device);
  const start = performance.now();
  for (let i = 0; i < repeats; i++) {
    scope(() => {
      for (let j = 0; j < CALLS; j++) call();
    });
  }
  synchronize(device);
  return (performance.now() - start) * 1e6 / (CALLS * repeats);
}
