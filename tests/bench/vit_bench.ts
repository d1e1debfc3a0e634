/**
 * What a vision transformer costs, beside the same in PyTorch: same shapes, same weights, same
 * loss.
 */
import { autocast } from "../../src/autograd/autocast.ts";
import { noGrad } from "../../src/autograd/mode.ts";
import type { Module } from "../../src/nn/module.ts";
import { tensor } from "../../src/tensor/create.ts";
import { type Device, setThreads, synchronize, threads } from "../../src/tensor/device.ts";
import { scope } from "../../src/tensor/scope.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { architectures } from "../../src/vit/architectures.ts";
import { Block } from "../../src/vit/block.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { runPython } from "./python.ts";
import type { BenchOptions, BenchResult } from "./result.ts";

/** Deino and PyTorch take turns, so that a busy machine slows both. */
const TURNS = 3;

/** One measurement; `depth` 0 is a block alone. */
interface Case {
  name: string;
  width: number;
  depth: number;
  heads: number;
  patch: number;
  input: number[];
  backward: boolean;
  dtype: "float32" | "bfloat16";
  device: Device;
  threads: number | null;
  iterations: number;
  rounds: number;
}

/** Milliseconds per pass, the best of several rounds. */
export async function bench(options: BenchOptions): Promise<BenchResult[]> {
  const cases = options.device === "cpu" ? cpuCases() : cudaCases(options.device as Device);
  const results: BenchResult[] = [];
  for (const one of cases) results.push(await compare(one));
  return results;
}

function cpuCases(): Case[] {
  const common = { backward: true, dtype: "float32" as const, device: "cpu" as const, patch: 14 };
  const { embedDim: width, depth, numHeads: heads } = architectures.vit_small;
  return [
    {
      ...common,
      name: "ViT-S/14 forward+backward, batch 8 at 224",
      ...{ width, depth, heads, input: [8, 3, 224, 224], threads: null, iterations: 1, rounds: 1 },
    },
    {
      ...common,
      name: "block of width 64 forward+backward, host time",
      ...{ width: 64, depth: 0, heads: 2, input: [1, 17, 64], threads: 1 },
      ...{ iterations: 100, rounds: 10 },
    },
  ];
}

function cudaCases(device: Device): Case[] {
  const sizes = { S: "vit_small", B: "vit_base", L: "vit_large" } as const;
  return Object.entries(sizes).flatMap(([letter, name]) =>
    [false, true].map((backward) => {
      const { embedDim: width, depth, numHeads: heads } = architectures[name];
      return {
        name: `ViT-${letter}/14 forward${backward ? "+backward" : ""}, bfloat16, batch 64 at 224`,
        ...{ width, depth, heads, patch: 14, input: [64, 3, 224, 224], backward },
        ...{ device, dtype: "bfloat16" as const, threads: null, iterations: 10, rounds: 3 },
      };
    })
  );
}

async function compare(one: Case): Promise<BenchResult> {
  const times: number[] = [], peers: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const own = measure(one);
    times.push(own.ms);
    const peer = await runPython("vit_bench.py", [JSON.stringify(one)]) as typeof own | null;
    if (peer === null) continue;
    const tolerance = one.dtype === "bfloat16" ? 0.02 : 1e-4;
    if (Math.abs(own.loss / peer.loss - 1) > tolerance) {
      throw new Error(
        `Cannot compare "${one.name}": the loss is ${own.loss} here and ${peer.loss} in PyTorch`,
      );
    }
    peers.push(peer.ms);
  }
  const value = Math.min(...times);
  const result = { name: one.name, value, unit: "ms" };
  if (peers.length === 0) return result;
  const baseline = Math.min(...peers);
  return { ...result, baseline, ratio: value / baseline };
}

function measure(one: Case): { ms: number; loss: number } {
  const threadsBefore = threads();
  setThreads(one.threads ?? threadsBefore);
  const { module, forward } = build(one);
  fill(module).to({ device: one.device });
  const x = wave(one.input, 0, 1).to({ device: one.device });
  const pass = () =>
    scope(() => {
      const loss = autocast(one, () => forward(x))
        .to({ dtype: "float32" }).pow(2).mean();
      if (!one.backward) return loss;
      module.zeroGrad();
      loss.backward();
      return loss;
    });
  const step = one.backward ? pass : () => noGrad(pass);
  using first = step();
  const rounds = Array.from({ length: one.rounds }, () => {
    synchronize(one.device);
    const start = performance.now();
    for (let i = 0; i < one.iterations; i++) step().dispose();
    synchronize(one.device);
    return (performance.now() - start) / one.iterations;
  });
  const loss = first.item();
  module.dispose();
  x.dispose();
  setThreads(threadsBefore);
  return { ms: Math.min(...rounds), loss };
}

function build(one: Case): { module: Module; forward: (x: Tensor) => Tensor } {
  const { width, heads, depth, input } = one;
  if (depth === 0) {
    const block = new Block(width, heads, { initValues: 1 });
    const groups = [{ batch: input[0], tokens: input[1] }];
    return { module: block, forward: (x) => block.forward(x.flatten(0, 1), groups) };
  }
  const sizes = { embedDim: width, depth, numHeads: heads, patchSize: one.patch };
  const vit = new VisionTransformer({ ...sizes, imgSize: input[2] });
  return { module: vit, forward: (x) => vit.norm.forward(vit.forwardFeatures(x).xPrenorm) };
}

/** The fill of vit_bench.py: parameters by name, gammas around 1, the mask token left out. */
function fill<M extends Module>(module: M): M {
  const named = Array.from(module.namedParameters())
    .filter(([name]) => name !== "mask_token")
    .sort(([a], [b]) => a < b ? -1 : 1);
  noGrad(() =>
    scope(() => {
      named.forEach(([name, value], i) => {
        const values = wave(value.shape, 0.11 * i, 0.1);
        value.copy_(name.endsWith("gamma") ? values.add(1) : values);
      });
    })
  );
  return module;
}

function wave(shape: readonly number[], phase: number, scale: number): Tensor {
  const count = shape.reduce((product, length) => product * length);
  const values = Float32Array.from({ length: count }, (_, k) => scale * Math.sin(0.37 * k + phase));
  return tensor(values, { shape });
}
