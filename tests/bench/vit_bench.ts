/**
 * What a vision transformer costs, beside the same in PyTorch: same shapes, same weights, same
 * loss.
 */
import { autocast } from "../../src/autograd/autocast.ts";
import { noGrad, noGradScope } from "../../src/autograd/mode.ts";
import type { Module } from "../../src/nn/module.ts";
import { arange } from "../../src/tensor/create.ts";
import {
  type Device,
  emptyCache,
  getNumThreads,
  setNumThreads,
  synchronize,
} from "../../src/tensor/device.ts";
import { numel } from "../../src/tensor/dtype.ts";
import { scope } from "../../src/tensor/scope.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { architectures } from "../../src/vit/architectures.ts";
import { Block, type FfnLayer } from "../../src/vit/block.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { runPython } from "./python.ts";
import type { BenchOptions, BenchResult } from "./result.ts";

/** On the CPU Deino and PyTorch take turns, so that a busy machine slows both. A GPU is seldom shared. */
const TURNS = { cpu: 3, cuda: 1 };

/** One measurement; `depth` 0 is a block alone. */
interface Case {
  name: string;
  width: number;
  depth: number;
  heads: number;
  patch: number;
  ffn: FfnLayer;
  input: number[];
  backward: boolean;
  dtype: "float32" | "bfloat16";
  device: Device;
  threads: number | null;
  iterations: number;
  rounds: number;
}

/** Milliseconds per pass, the best of several rounds. */
export async function* bench(options: BenchOptions): AsyncGenerator<BenchResult> {
  for (const one of casesFor(options)) yield await compare(one);
}

function casesFor({ device, isTiny }: BenchOptions): Case[] {
  if (device !== "cpu" && !isTiny) return cudaCases(device as Device);
  const [whole, block] = cpuCases();
  return isTiny ? [{ ...block, device: device as Device, iterations: 1 }] : [whole, block];
}

function cpuCases(): Case[] {
  const common = {
    ...{ backward: true, dtype: "float32" as const, device: "cpu" as const, patch: 14 },
    ffn: "mlp" as const,
  };
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
  const sizes = { S: "vit_small", B: "vit_base", L: "vit_large", g: "vit_giant2" } as const;
  return Object.entries(sizes).flatMap(([letter, name]) =>
    [false, true].map((backward) => {
      const { embedDim: width, depth, numHeads: heads } = architectures[name];
      const batch = letter === "g" ? 16 : 64;
      const ffn: FfnLayer = letter === "g" ? "swiglu" : "mlp";
      const pass = backward ? "forward+backward" : "forward";
      return {
        name: `ViT-${letter}/14 ${pass}, bfloat16, batch ${batch} at 224`,
        ...{ width, depth, heads, patch: 14, ffn, input: [batch, 3, 224, 224], backward },
        ...{ device, dtype: "bfloat16" as const, threads: null, iterations: 10, rounds: 3 },
      };
    })
  );
}

async function compare(one: Case): Promise<BenchResult> {
  const times: number[] = [], peers: number[] = [];
  for (let turn = 0; turn < TURNS[one.device === "cpu" ? "cpu" : "cuda"]; turn++) {
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
  const threadsBefore = getNumThreads();
  setNumThreads(one.threads ?? threadsBefore);
  const { module, forward } = build(one);
  fill(module.to({ device: one.device }), one.device);
  const x = wave(one.input, { phase: 0, scale: 1, device: one.device });
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
  setNumThreads(threadsBefore);
  if (one.device !== "cpu") emptyCache(); // for PyTorch, which comes next
  return { ms: Math.min(...rounds), loss };
}

function build(one: Case): { module: Module; forward: (x: Tensor) => Tensor } {
  const { width, heads, depth, input, ffn: ffnLayer } = one;
  if (depth === 0) {
    const block = new Block(width, heads, { initValues: 1, ffnLayer });
    const groups = [{ batch: input[0], length: input[1] }];
    return { module: block, forward: (x) => block.forward(x.flatten(0, 1), groups) };
  }
  const sizes = { embedDim: width, depth, numHeads: heads, patchSize: one.patch };
  const vit = new VisionTransformer({ ...sizes, imgSize: input[2], ffnLayer });
  return { module: vit, forward: (x) => vit.norm.forward(vit.forwardFeatures(x).xPrenorm) };
}

/** The fill of vit_bench.py: parameters by name, gammas around 1, the mask token left out. */
function fill(module: Module, device: Device): void {
  const named = Array.from(module.namedParameters())
    .filter(([name]) => name !== "mask_token")
    .sort(([a], [b]) => a < b ? -1 : 1);
  noGradScope(() => {
    named.forEach(([name, value], i) => {
      const values = wave(value.shape, { phase: 0.11 * i, scale: 0.1, device });
      value.copy_(name.endsWith("gamma") ? values.add(1) : values);
    });
  });
}

function wave(
  shape: readonly number[],
  { phase, scale, device }: { phase: number; scale: number; device: Device },
): Tensor {
  return scope(() =>
    arange(numel(shape), { dtype: "float64", device }).mul(0.37).add(phase).sin().mul(scale)
      .to({ dtype: "float32" }).reshape(shape)
  );
}
