import { scanImageFolder } from "../../src/data/folder.ts";
import { type Backbone, loadBackbone } from "../../src/eval/backbone.ts";
import { alignClasses, checkClasses } from "../../src/eval/classes.ts";
import { evaluateEmbedding } from "../../src/eval/evaluate_embedding.ts";
import {
  type Embedding,
  EvaluationSet,
  type EvaluationSetOptions,
} from "../../src/eval/evaluation_set.ts";
import type { LabelledFeatures } from "../../src/eval/labelled_features.ts";
import type { Device } from "../../src/tensor/device.ts";
import { chooseDevice } from "../../src/train/device.ts";
import type { EvaluationArguments } from "./evaluation_flags.ts";
import { makeFolderOf } from "./make_folder_of.ts";
import { Progress } from "./progress.ts";
import { tellLeftOut, writeResults } from "./results_file.ts";

/** What every evaluation works with: a frozen backbone, labelled images, and a place for results. */
export class Evaluation implements Disposable {
  /** Where to compute. */
  readonly device: Device;
  /** The frozen backbone. */
  readonly backbone: Backbone;
  /** Training images, then validation images where there are some. */
  readonly sets: readonly EvaluationSet[];
  /** Side of the images in pixels. */
  readonly imageSize: number;
  readonly #output?: string;

  /** Takes what {@linkcode openEvaluation} found. */
  constructor(found: {
    readonly device: Device;
    readonly backbone: Backbone;
    readonly sets: readonly EvaluationSet[];
    readonly imageSize: number;
    readonly output?: string;
  }) {
    this.device = found.device;
    this.backbone = found.backbone;
    this.sets = found.sets;
    this.imageSize = found.imageSize;
    this.#output = found.output;
  }

  /** The names of the classes. */
  get classes(): readonly string[] {
    return this.sets[0].folder.classes!;
  }

  /**
   * Computes features of images and evaluates them; see {@linkcode evaluateEmbedding}.
   *
   * @param embed What makes the features.
   * @param evaluate What to do with the features of each set.
   * @param options Which sets, if not all, and what the features are called.
   */
  async evaluate<T>(
    embed: Embedding,
    evaluate: (features: readonly LabelledFeatures[]) => T | Promise<T>,
    options: { readonly title?: string; readonly sets?: readonly EvaluationSet[] } = {},
  ): Promise<T> {
    const { title = "features", sets = this.sets } = options;
    const total = sets.reduce((sum, { folder }) => sum + folder.paths.length, 0);
    using progress = new Progress(title);
    return await evaluateEmbedding(sets, embed, (features) => {
      progress.clear();
      return evaluate(features);
    }, { device: this.device, onProgress: (done) => progress.show(done, total) });
  }

  /**
   * Prints results, tells what was left out, and writes the results' file if one was asked for.
   *
   * @param lines The results for people.
   * @param results The results for programs.
   * @throws {Error} If the file cannot be written.
   */
  finish(lines: readonly string[], results: Record<string, unknown>): void {
    console.log([`images of ${this.imageSize} pixels`, ...lines].join("\n"));
    for (const { folder, brokenFiles } of this.sets) tellLeftOut(folder, brokenFiles);
    if (this.#output === undefined) return;
    const [train, val] = this.sets.map(facts);
    const report = {
      ...results,
      weights: this.backbone.path,
      iteration: this.backbone.iteration,
      image_size: this.imageSize,
      train,
      val,
    };
    writeResults(this.#output, report);
  }

  /** Frees the backbone and the images. */
  [Symbol.dispose](): void {
    this.backbone.model.dispose();
    for (const set of this.sets) set.dispose();
  }
}

/**
 * Finds what a command line names, and says what it found.
 *
 * @param asked The command line.
 * @param options How the images are seen, if not as k-NN sees them.
 * @throws {Error} If weights or images cannot be read, or results could not be written.
 */
export async function openEvaluation(
  asked: EvaluationArguments,
  options: { readonly resize?: (imageSize: number) => number } = {},
): Promise<Evaluation> {
  const { output, batchSize, workers } = asked;
  const device = chooseDevice(asked.device);
  if (output !== undefined) makeFolderOf(output);
  const train = checkClasses(await scanImageFolder(asked.train));
  const folders = asked.val === undefined
    ? [train]
    : [train, alignClasses(train, await scanImageFolder(asked.val))];
  const backbone = loadBackbone(asked.weights, { ...asked.known, device });
  for (const line of [backbone.path, ...backbone.report]) console.log(line);
  const imageSize = asked.imageSize ?? backbone.imageSize;
  const seen: EvaluationSetOptions = {
    imageSize,
    resize: options.resize?.(imageSize),
    batchSize,
    workers,
  };
  const sets = folders.map((folder) => new EvaluationSet(folder, seen));
  return new Evaluation({ device, backbone, sets, imageSize, output });
}

function facts({ folder, brokenFiles }: EvaluationSet): Record<string, unknown> {
  return {
    folder: folder.root,
    images: folder.paths.length - brokenFiles.length,
    classes: folder.classes?.length,
    left_out: brokenFiles,
  };
}
