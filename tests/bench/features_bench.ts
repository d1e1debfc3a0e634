/** `deno task features` over a folder of photographs' size, beside PyTorch with Pillow in a DataLoader: same files, same weights. */
import { join } from "@std/path";
import { writeTorch } from "../../src/checkpoint/torch/write_torch.ts";
import { autocast } from "../../src/autograd/autocast.ts";
import { noGradScope } from "../../src/autograd/mode.ts";
import { readSafetensors } from "../../src/checkpoint/safetensors.ts";
import type { ImageFolder } from "../../src/data/folder.ts";
import { scanImageFolder } from "../../src/data/sources/folder.ts";
import { EvaluationSet } from "../../src/features/evaluation_set.ts";
import { extractFeatures } from "../../src/features/extract_features.ts";
import { tokenEmbedding } from "../../src/features/embedding.ts";
import type { Device } from "../../src/tensor/device.ts";
import { Generator, randn } from "../../src/tensor/random.ts";
import { scope } from "../../src/tensor/scope.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { type ArchitectureName, architectures } from "../../src/vit/architectures.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { runPython } from "./python.ts";
import type { BenchOptions, BenchResult } from "./result.ts";
import { writeScenes } from "./scenes.ts";

/** Different images among those that are read: what lies in memory costs less to read, on both sides. */
const SCENES = 100;
const BATCH = 64;
const WORKERS = navigator.hardwareConcurrency;

interface Case {
  readonly name: ArchitectureName;
  readonly patch: number;
  readonly side: number;
  /** What products compute in. */
  readonly dtype: "float32" | "bfloat16";
  /** Images in all, and turns that both take with them, so that a busy machine slows both. */
  readonly images: number;
  readonly turns: number;
}

interface Outcome {
  readonly seconds: number;
  /** Mean size of a feature, which tells whether both did the same. */
  readonly mean: number;
}

function casesFor({ device, isTiny }: BenchOptions): Case[] {
  const nano = { name: "vit_nano", patch: 32, side: 224, dtype: "float32" } as const;
  if (isTiny) return [{ ...nano, images: 8, turns: 1 }];
  const large = { name: "vit_large", patch: 14, side: 224, dtype: "bfloat16" } as const;
  if (device !== "cpu") return [{ ...large, images: 4000, turns: 1 }];
  const all = { images: 3000, turns: 5 };
  return [{ ...nano, name: "vit_small", patch: 14, ...all }, { ...nano, ...all }];
}

/** Images a second from JPEG files to a file of features. */
export async function* bench(options: BenchOptions): AsyncGenerator<BenchResult> {
  const folder = await Deno.makeTempDir();
  try {
    const images = join(folder, "images"), cases = casesFor(options);
    await writeImages(images, cases[0].images / cases[0].turns);
    const listed = await scanImageFolder(images);
    for (const one of cases) yield await compare(one, listed, options.device as Device);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function writeImages(folder: string, count: number): Promise<void> {
  await Deno.mkdir(folder);
  const scenes = await writeScenes(folder, Math.min(SCENES, count));
  for (let i = scenes.length; i < count; i++) {
    await Deno.copyFile(scenes[i % scenes.length], join(folder, `${i}.jpg`));
  }
}

async function compare(one: Case, images: ImageFolder, device: Device): Promise<BenchResult> {
  const { name, patch, side, dtype, turns } = one;
  const { embedDim: width, depth, numHeads: heads } = architectures[name];
  using model = randomModel(one);
  const weights = join(images.root, "..", "weights.pth");
  scope(() => writeTorch(weights, model.stateDict()));
  model.to({ device });
  let own = 0, peer: number | undefined = 0;
  for (let turn = 0; turn < turns; turn++) {
    const output = join(images.root, "..", `${name}${turn}.safetensors`);
    const ours = await measure(model, images, { side, dtype, device, output });
    own += ours.seconds;
    const spec = { width, depth, heads, patch, side, weights, folder: images.root, device, dtype };
    const theirs = await runPython("features_bench.py", [
      JSON.stringify({ ...spec, batch: BATCH, workers: WORKERS, output: `${output}.npy` }),
    ], { modules: "torch, PIL, numpy" }) as Outcome | null;
    if (theirs === null) peer = undefined;
    else {
      requireSame(ours.mean, theirs.mean);
      peer! += theirs.seconds;
    }
  }
  const result = {
    name: `features of ${one.images} JPEG, ${name}/${patch} at ${side}, ${dtype}`,
    value: one.images / own,
    unit: "img/s",
  };
  if (peer === undefined) return { ...result, note: "no Python with Pillow to compare with" };
  const baseline = one.images / peer;
  return { ...result, baseline, ratio: result.value / baseline, note: "a rate: more is better" };
}

function randomModel({ name, patch, side }: Case): VisionTransformer {
  const model = new VisionTransformer({
    ...architectures[name],
    patchSize: patch,
    imgSize: side,
    initValues: 1,
  });
  using generator = new Generator(0);
  noGradScope(() => {
    for (const value of model.parameters()) {
      value.add_(randn(value.shape, { generator }).mul_(0.02));
    }
  });
  return model.eval();
}

async function measure(
  model: VisionTransformer,
  images: ImageFolder,
  { side, dtype, device, output }: Pick<Case, "side" | "dtype"> & {
    device: Device;
    output: string;
  },
): Promise<Outcome> {
  const began = performance.now();
  using set = new EvaluationSet(images, {
    ...{ imageSize: side, batchSize: BATCH, workers: WORKERS, keepBytes: 0 },
  });
  const token = tokenEmbedding({ model }, "cls");
  const embed = (images: Tensor) => autocast({ device, dtype }, () => token(images));
  await extractFeatures(set, embed, output, { key: {}, device });
  const seconds = (performance.now() - began) / 1000;
  const mean = scope(() => readSafetensors(output).tensors.features.abs().mean().item());
  return { seconds, mean };
}

/** The decoders differ by a few grey levels. */
function requireSame(ours: number, theirs: number): void {
  if (Math.abs(ours / theirs - 1) < 1e-2) return;
  throw new Error(`Cannot compare features: their mean size is ${ours} here, ${theirs} in PyTorch`);
}
