/** `deno task features` over a folder of photographs' size, beside PyTorch with Pillow in a DataLoader: same files, same weights. */
import { join } from "@std/path";
import { writeTorch } from "../../src/checkpoint/torch/write_torch.ts";
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
import { type ArchitectureName, architectures } from "../../src/vit/architectures.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { runPython } from "./python.ts";
import type { BenchOptions, BenchResult } from "./result.ts";
import { writeScenes } from "./scenes.ts";

/** Images of each side in all; both take turns, so that a busy machine slows both. */
const IMAGES = 3000;
const TURNS = 5;
/** Different images among them: what lies in memory costs less to read, on both sides. */
const SCENES = 100;
const BATCH = 64;
const WORKERS = navigator.hardwareConcurrency;

interface Case {
  readonly name: ArchitectureName;
  readonly patch: number;
  readonly side: number;
}

interface Outcome {
  readonly seconds: number;
  /** Mean size of a feature, which tells whether both did the same. */
  readonly mean: number;
}

const CASES: Case[] = [
  { name: "vit_small", patch: 14, side: 224 },
  { name: "vit_nano", patch: 32, side: 224 },
];

/** Images a second from JPEG files to a file of features. */
export async function* bench({ device }: BenchOptions): AsyncGenerator<BenchResult> {
  const folder = await Deno.makeTempDir();
  try {
    const images = join(folder, "images");
    await writeImages(images);
    const listed = await scanImageFolder(images);
    for (const one of CASES) yield await compare(one, listed, device as Device);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function writeImages(folder: string): Promise<void> {
  await Deno.mkdir(folder);
  const scenes = await writeScenes(folder, SCENES);
  for (let i = SCENES; i < IMAGES / TURNS; i++) {
    await Deno.copyFile(scenes[i % SCENES], join(folder, `${i}.jpg`));
  }
}

async function compare(one: Case, images: ImageFolder, device: Device): Promise<BenchResult> {
  const { name, patch, side } = one;
  const { embedDim: width, depth, numHeads: heads } = architectures[name];
  using model = randomModel(one);
  const weights = join(images.root, "..", "weights.pth");
  scope(() => writeTorch(weights, model.stateDict()));
  model.to({ device });
  let own = 0, peer: number | undefined = 0;
  for (let turn = 0; turn < TURNS; turn++) {
    const output = join(images.root, "..", `${name}${turn}.safetensors`);
    const ours = await measure(model, images, { side, device, output });
    own += ours.seconds;
    const spec = { width, depth, heads, patch, side, weights, folder: images.root, device };
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
    name: `features of ${IMAGES} JPEG, ${name}/${patch} at ${side}`,
    value: IMAGES / own,
    unit: "img/s",
  };
  if (peer === undefined) return { ...result, note: "no Python with Pillow to compare with" };
  const baseline = IMAGES / peer;
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
  { side, device, output }: { side: number; device: Device; output: string },
): Promise<Outcome> {
  const began = performance.now();
  using set = new EvaluationSet(images, {
    ...{ imageSize: side, batchSize: BATCH, workers: WORKERS, keepBytes: 0 },
  });
  await extractFeatures(set, tokenEmbedding({ model }, "cls"), output, { key: {}, device });
  const seconds = (performance.now() - began) / 1000;
  const mean = scope(() => readSafetensors(output).tensors.features.abs().mean().item());
  return { seconds, mean };
}

/** The decoders differ by a few grey levels. */
function requireSame(ours: number, theirs: number): void {
  if (Math.abs(ours / theirs - 1) < 1e-2) return;
  throw new Error(`Cannot compare features: their mean size is ${ours} here, ${theirs} in PyTorch`);
}
