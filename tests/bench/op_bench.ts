/** What one operator call costs the host, beside the same call from Python. */
import { ones } from "../../src/tensor/create.ts";
import { scope } from "../../src/tensor/scope.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { runPython } from "./python.ts";
import type { BenchResult } from "./result.ts";

const ROUNDS = 5;
const CALLS = 200;
const REPEATS = 100;

/** Nanoseconds per call on 4 x 4 tensors: the kernel is nothing, the call is all. */
export async function bench(): Promise<BenchResult[]> {
  const a = ones([4, 4]);
  const leaf = ones([4, 4]);
  leaf.requiresGrad = true;
  const calls: Record<string, () => Tensor> = {
    "add": () => a.add(a),
    "add, recorded": () => leaf.add(a),
    "matmul": () => a.matmul(a),
    "reshape": () => a.reshape([2, 8]),
  };
  const baseline = await runPython("op_bench.py") as Record<string, number> | null;
  const rows = Object.entries(calls).map(([name, call]) => {
    const value = Math.min(...Array.from({ length: ROUNDS }, () => nanosecondsPerCall(call)));
    const peer = baseline?.[name];
    return {
      name: `call: ${name}`,
      value,
      unit: "ns",
      baseline: peer,
      ratio: peer && value / peer,
    };
  });
  a.dispose();
  leaf.dispose();
  return rows;
}

/** Includes freeing the results, as Python's figure does. */
function nanosecondsPerCall(call: () => Tensor): number {
  const start = performance.now();
  for (let i = 0; i < REPEATS; i++) {
    scope(() => {
      for (let j = 0; j < CALLS; j++) call();
    });
  }
  return (performance.now() - start) * 1e6 / (CALLS * REPEATS);
}
