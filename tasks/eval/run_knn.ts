import { dirname } from "@std/path";
import { writeTextAtomically } from "../../src/checkpoint/atomic_file.ts";
import type { WeightsOptions } from "../../src/checkpoint/recognise/backbone_file.ts";
import { scanImageFolder } from "../../src/data/folder.ts";
import type { Accuracy } from "../../src/eval/accuracy.ts";
import { loadBackbone } from "../../src/eval/backbone.ts";
import { alignClasses } from "../../src/eval/classes.ts";
import { evaluateEmbedding } from "../../src/eval/evaluate_embedding.ts";
import {
  type KnnAccuracy,
  type KnnEvaluationOptions,
  nameResults,
} from "../../src/eval/evaluate_knn.ts";
import { type Embedding, EvaluationSet } from "../../src/eval/evaluation_set.ts";
import { backboneEmbedding, pixelEmbedding } from "../../src/eval/features.ts";
import { chooseDevice } from "../../src/train/device.ts";
import { ImageProgress } from "./progress.ts";

/** What a command line of `deno task eval knn` asks for. */
export interface KnnArguments {
  /** A run folder or a file of weights. */
  readonly weights: string;
  /** What the weights do not say. */
  readonly known: WeightsOptions;
  /** The folder of labelled images that vote. */
  readonly train: string;
  /** The folder of labelled images to classify. */
  readonly val: string;
  /** Where the results go. */
  readonly output?: string;
  /** Where to compute. */
  readonly device: string;
  /** Side of the images in pixels. */
  readonly imageSize?: number;
  /** Images computed at a time. */
  readonly batchSize?: number;
  /** Decoding threads. */
  readonly workers?: number;
  /** Whether raw pixels are evaluated as well. */
  readonly pixels: boolean;
  /** Neighbours, temperature and subsets. */
  readonly votes: KnnEvaluationOptions;
}

/**
 * Carries out `deno task eval knn`.
 *
 * @throws {Error} If weights or images cannot be read, or the results cannot be written.
 */
export async function runKnn(asked: KnnArguments): Promise<void> {
  const { output, votes } = asked;
  const device = chooseDevice(asked.device);
  if (output !== undefined) makeFolder(dirname(output));
  const trainFolder = await scanImageFolder(asked.train);
  const valFolder = alignClasses(trainFolder, await scanImageFolder(asked.val));
  const backbone = loadBackbone(asked.weights, { ...asked.known, device });
  for (const line of [backbone.path, ...backbone.report]) console.log(line);
  const imageSize = asked.imageSize ?? backbone.imageSize;
  const options = { imageSize, batchSize: asked.batchSize, workers: asked.workers };
  using train = new EvaluationSet(trainFolder, options);
  using val = new EvaluationSet(valFolder, options);
  const total = trainFolder.paths.length + valFolder.paths.length;
  const evaluate = async (embed: Embedding, title: string) => {
    using progress = new ImageProgress(title, total);
    const onProgress = (set: "train" | "val", done: number) =>
      progress.show(set === "train" ? done : trainFolder.paths.length + done);
    return await evaluateEmbedding({ train, val }, embed, { ...votes, device, onProgress });
  };
  const results = await evaluate(backboneEmbedding(backbone.model), "features");
  const pixels = asked.pixels ? await evaluate(pixelEmbedding(), "pixels") : undefined;
  backbone.model.dispose();
  console.log(`images of ${imageSize} pixels\n${table(results)}`);
  if (pixels !== undefined) console.log(`raw pixels\n${table(pixels)}`);
  for (const { folder, brokenFiles } of [train, val]) {
    for (const { path, reason } of brokenFiles) {
      console.error(`Left out ${folder.root}/${path}: ${reason}`);
    }
  }
  if (output === undefined) return;
  const report = {
    ...flat(results),
    ...(pixels && { pixels: flat(pixels) }),
    weights: backbone.path,
    iteration: backbone.iteration,
    image_size: imageSize,
    train: facts(train),
    val: facts(val),
  };
  writeTextAtomically(output, JSON.stringify(report, null, 2) + "\n");
  console.log(`Results are in ${output}`);
}

function table(results: readonly KnnAccuracy[]): string {
  const cell = ({ percent, interval: [low, high] }: Accuracy) =>
    `${percent.toFixed(2)} % (${low.toFixed(1)} to ${high.toFixed(1)})`.padEnd(24);
  return results.map(({ setting, k, top1, top5 }) =>
    `  ${setting.padEnd(12)} k = ${String(k).padEnd(4)} top-1 ${cell(top1)} top-5 ${cell(top5)}`
      .trimEnd()
  ).join("\n");
}

function flat(results: readonly KnnAccuracy[]): Record<string, unknown> {
  const { metrics, intervals } = nameResults(results);
  return { ...metrics, intervals };
}

function facts({ folder, brokenFiles }: EvaluationSet): Record<string, unknown> {
  return {
    folder: folder.root,
    images: folder.paths.length - brokenFiles.length,
    classes: folder.classes?.length,
    left_out: brokenFiles,
  };
}

/** Makes the folder of the results, so that a mistyped one shows before the work and not after. */
function makeFolder(path: string): void {
  try {
    Deno.mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new Error(`Cannot write results to ${path}: ${(cause as Error).message}`, { cause });
  }
}
