import type { Backbone } from "../../src/backbone/backbone.ts";
import type { BrokenFile } from "../../src/data/broken_files.ts";
import type { ImageFolder } from "../../src/data/folder.ts";
import { sharedImages } from "../../src/data/shared_images.ts";
import { describeLeftOut } from "../../src/data/sources/left_out.ts";
import type { SourceOptions } from "../../src/data/sources/open.ts";
import { alignClasses, checkClasses, unlabelled } from "../../src/eval/classes.ts";
import type { Embedding } from "../../src/features/embedding.ts";
import { evaluateEmbedding } from "../../src/features/evaluate_embedding.ts";
import { EvaluationSet, type EvaluationSetOptions } from "../../src/features/evaluation_set.ts";
import { cachedFeatures, type FeatureSource } from "../../src/features/feature_cache.ts";
import type { LabelledFeatures } from "../../src/features/labelled_features.ts";
import { counted } from "../../src/files/quoted.ts";
import { chooseDevice, type Device } from "../../src/tensor/device.ts";
import { openSource } from "../cli/open_source.ts";
import { checkWritable, checkWritableFolder } from "../cli/output_file.ts";
import { printLine } from "../cli/print.ts";
import { withProgress } from "../cli/progress.ts";
import { tellShared, tellSkipped, writeResults } from "../cli/results.ts";
import { stderr, stdout } from "../cli/terminal.ts";
import { openBackbone } from "../cli/weights.ts";
import type { EvaluationArguments } from "./evaluation_flags.ts";

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
  /** Validation images that are training images too. */
  readonly #shared: readonly string[];
  readonly #cache?: string;
  readonly #output?: string;
  /** Where the features of a set came from last, which knows the broken files. */
  readonly #sources = new Map<EvaluationSet, FeatureSource>();

  /** Takes what {@linkcode openEvaluation} found. */
  constructor(found: {
    readonly device: Device;
    readonly backbone: Backbone;
    readonly sets: readonly EvaluationSet[];
    readonly imageSize: number;
    readonly shared: readonly string[];
    readonly cache?: string;
    readonly output?: string;
  }) {
    this.device = found.device;
    this.backbone = found.backbone;
    this.sets = found.sets;
    this.imageSize = found.imageSize;
    this.#shared = found.shared;
    this.#cache = found.cache;
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
   * @param options Which sets, if not all, and what progress is called.
   */
  async evaluate<T>(
    embed: Embedding,
    evaluate: (features: readonly LabelledFeatures[]) => T | Promise<T>,
    options: { readonly title?: string; readonly sets?: readonly EvaluationSet[] } = {},
  ): Promise<T> {
    const { title = "features", sets = this.sets } = options;
    const total = sets.reduce((sum, { folder }) => sum + folder.paths.length, 0);
    const sources = sets.map((set) => this.#openSource(set));
    return await withProgress(
      title,
      "images",
      (show) =>
        evaluateEmbedding(sources, embed, evaluate, {
          device: this.device,
          onProgress: (done) => show(done, total),
        }),
    );
  }

  /**
   * Tells what was left out, writes the results' file if one was asked for, and prints the results.
   *
   * @param lines The results for people.
   * @param results The results for programs.
   * @throws {Error} If they cannot be written or printed.
   */
  finish(lines: readonly string[], results: Record<string, unknown>): void {
    const sources = this.sets.map((set) => this.#sources.get(set) ?? set);
    const [train, val] = sources.map(facts);
    const count = ({ images, classes }: Facts) =>
      `${counted(images, "image")} of ${counted(classes, "class", "classes")}`;
    const sets = val === undefined
      ? count(train)
      : `${count(train)} for training, ${count(val)} for validation`;
    if (val !== undefined) tellShared(this.#shared, sources[1].folder);
    for (const { folder, brokenFiles } of sources) tellSkipped(folder, brokenFiles);
    if (this.#output !== undefined) {
      writeResults(this.#output, {
        ...results,
        weights: this.backbone.path,
        iteration: this.backbone.iteration,
        image_size: this.imageSize,
        train,
        val: val && { ...val, shared_with_train: this.#shared.length },
      });
    }
    [`${sets}, ${this.imageSize} pixels`, ...lines].forEach(printLine);
  }

  /** Frees the backbone and the images. */
  [Symbol.dispose](): void {
    this.backbone.model.dispose();
    for (const set of this.sets) set[Symbol.dispose]();
  }

  #openSource(set: EvaluationSet): FeatureSource {
    const onNote = (text: string) => stdout.line(text);
    const source = cachedFeatures(set, { folder: this.#cache, onNote });
    this.#sources.set(set, source);
    return source;
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
  const { cache, output, batchSize, workers } = asked;
  if (output !== undefined) checkWritable(output);
  if (cache !== undefined) checkWritableFolder(cache);
  const device = chooseDevice(asked.device);
  const backbone = openBackbone(asked, device);
  const { inChans: channels } = backbone.model.options;
  const open = (source: string, label: (images: ImageFolder) => ImageFolder) =>
    openLabelled(source, { channels }, label);
  const train = await open(asked.train, checkClasses);
  const folders = asked.val === undefined
    ? [train]
    : [train, await open(asked.val, (images) => alignClasses(train, images))];
  const shared = folders.length > 1 ? await sharedImages(folders[0], folders[1]) : [];
  const imageSize = asked.imageSize ?? backbone.imageSize;
  const { exif } = backbone.preprocessing;
  const seen: EvaluationSetOptions = {
    ...exif && { exif },
    channels,
    imageSize,
    resize: options.resize?.(imageSize),
    batchSize,
    workers,
    onNote: (text) => stdout.line(text),
  };
  const sets = folders.map((folder) => new EvaluationSet(folder, seen));
  return new Evaluation({ device, backbone, sets, imageSize, shared, cache, output });
}

/** Opens images, and tells of those that take no part because their class is not known. */
async function openLabelled(
  source: string,
  options: SourceOptions,
  label: (images: ImageFolder) => ImageFolder,
): Promise<ImageFolder> {
  const images = await openSource(source, options);
  const labelled = label(images);
  for (const group of unlabelled(images, labelled)) stderr.line(describeLeftOut(group));
  return labelled;
}

/** What a results file says about images. */
interface Facts {
  readonly folder: string;
  /** Those that take part. */
  readonly images: number;
  /** Classes that have such images. */
  readonly classes: number;
  readonly left_out: readonly BrokenFile[];
}

function facts({ folder: { root, paths, labels }, brokenFiles }: FeatureSource): Facts {
  const broken = new Set(brokenFiles.map(({ path }) => path));
  const images = [...paths.keys()].filter((image) => !broken.has(paths[image]));
  const classes = new Set(images.map((image) => labels?.[image])).size;
  return { folder: root, images: images.length, classes, left_out: brokenFiles };
}
