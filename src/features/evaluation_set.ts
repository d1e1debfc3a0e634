import {
  evalTransform,
  type EvalTransformOptions,
  shortSideFor,
} from "../data/augment/eval_transform.ts";
import type { DecodeOptions } from "../data/codec/decode.ts";
import type { BrokenFile } from "../data/broken_files.ts";
import { type ImageFolder, imageName } from "../data/folder.ts";
import { bytesPerPixel } from "../data/image.ts";
import { evaluationBatches, trainingBatches } from "../data/loader.ts";
import { trainTransform } from "../data/augment/train_transform.ts";
import { Stream } from "../random/stream.ts";
import { noGradScope } from "../autograd/mode.ts";
import { empty, stack } from "../tensor/create.ts";
import type { Device } from "../tensor/device.ts";
import { keep, scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Embedding } from "./embedding.ts";
import type { FeatureProgress } from "./files/feature_writer.ts";
import { checkFiniteFeatures } from "./finite_features.ts";
import type { LabelledFeatures } from "./labelled_features.ts";

/** Bytes of prepared images that a set keeps unless told otherwise. */
export const KEEP_BYTES = 512 * 2 ** 20;

/** Options of {@linkcode EvaluationSet}. */
export interface EvaluationSetOptions extends EvalTransformOptions, DecodeOptions {
  /** Side of the square images in pixels, after resizing and cropping. Default: the reference's 224. */
  imageSize?: number;
  /** Images in a batch; results do not depend on it beyond rounding. Default: 128. */
  batchSize?: number;
  /** Decoding threads. Default: one for each core. */
  workers?: number;
  /** Share of broken files at which the evaluation stops, 0 to 1. Default: 0.1. */
  maxBrokenFraction?: number;
  /** Called with a line on files that are damaged but have whole pixels, once however often they are read. Default: ignored. */
  onNote?: (text: string) => void;
  /** Bytes of prepared images to keep for the next use; a larger set is read again. Default: 512 MiB. */
  keepBytes?: number;
}

/** Options of {@linkcode EvaluationSet.features}. */
export interface FeatureOptions {
  /** Where to compute. Default: the CPU. */
  device?: Device;
  /** Ends the computation when it is aborted, with its reason. Default: never. */
  signal?: AbortSignal;
  /** Called with the number of images done so far. Default: ignored. */
  onProgress?: (done: number) => void;
}

/** Options of {@linkcode EvaluationSet.embedded}. */
export interface EmbeddedOptions {
  /** Where to compute. Default: the CPU. */
  device?: Device;
  /** Ends the computation when it is aborted, with its reason. Default: never. */
  signal?: AbortSignal;
  /** What is done already. Default: nothing. */
  begun?: FeatureProgress;
}

/** Features of some images of a set. */
export interface EmbeddedBatch extends FeatureProgress {
  /** `[B, D]`, float32. Whoever takes it disposes of it. */
  readonly features: Tensor;
  /** The images' indices in the folder. */
  readonly indices: readonly number[];
}

/** Options of {@linkcode EvaluationSet.augmented}. */
export interface AugmentedOptions {
  /** Where to compute. Default: the CPU. */
  device?: Device;
  /** Of order and crops. Default: 0. */
  seed?: number;
  /** Ends the computation when it is aborted, with its reason. Default: never. */
  signal?: AbortSignal;
}

/** How images are seen: everything that their pixels depend on besides their files. */
export type ImageView = Readonly<
  & EvalTransformOptions
  & Pick<DecodeOptions, "exif">
  & Required<Pick<EvaluationSetOptions, "imageSize" | "channels" | "resize">>
>;

interface PreparedBatch {
  /** `[B, C, S, S]`, uint8 for RGB, else float32, on the CPU. */
  readonly images: Tensor;
  readonly indices: readonly number[];
  /** Images of the folder behind it. */
  readonly position: number;
}

/**
 * A labelled folder of images, seen as the reference evaluates: short side resized, centre cropped. What fits is kept in
 * memory, so that evaluating it again and again in the course of a training costs no decoding.
 */
export class EvaluationSet implements Disposable {
  /** The folder. */
  readonly folder: ImageFolder;
  /** How its images are seen. */
  readonly seen: ImageView;
  readonly #batchSize: number;
  readonly #keepBytes: number;
  readonly #loading: Pick<
    EvaluationSetOptions,
    "workers" | "maxBrokenFraction" | "maxPixels" | "onNote"
  >;
  readonly #kept: PreparedBatch[] = [];
  #isComplete = false;
  #brokenFiles: readonly BrokenFile[] = [];

  /**
   * Nothing is read until features are asked for.
   *
   * @param folder The images and their classes.
   * @param options Size, batches and memory.
   * @throws {RangeError} If the size is out of range.
   */
  constructor(folder: ImageFolder, options: EvaluationSetOptions = {}) {
    // What is neither speed nor memory is how images are seen, and so part of what their features are known by.
    const { batchSize = 128, keepBytes = KEEP_BYTES, ...others } = options;
    const { workers, maxBrokenFraction, maxPixels, onNote, ...view } = others;
    const { imageSize = 224, channels = 3, resize = shortSideFor(imageSize), ...more } = view;
    if (!Number.isInteger(imageSize) || imageSize < 1) {
      throw new RangeError(`Cannot evaluate images of ${imageSize} pixels: give a whole number`);
    }
    this.folder = folder;
    this.seen = { imageSize, channels, resize, ...more };
    this.#batchSize = batchSize;
    this.#keepBytes = keepBytes;
    this.#loading = { workers, maxBrokenFraction, maxPixels, onNote: onNote && once(onNote) };
  }

  /** Files that could not be decoded and take no part, once the folder has been read. */
  get brokenFiles(): readonly BrokenFile[] {
    return this.#brokenFiles;
  }

  /**
   * Computes the features of every image.
   *
   * @param embed What computes them.
   * @param options Device and progress.
   * @returns Features in the folder's order, without those of broken files. The caller disposes of them.
   * @throws {Error} If too many files are broken, or the folder cannot be read.
   */
  async features(embed: Embedding, options: FeatureOptions = {}): Promise<LabelledFeatures> {
    const { device, signal, onProgress = () => {} } = options;
    let all: Tensor | undefined; // rows for every image: to join batches would take their memory twice
    const images: number[] = [];
    try {
      for await (const { features, indices } of this.embedded(embed, { device, signal })) {
        using batch = features;
        const [, ...shape] = batch.shape;
        all ??= empty([this.folder.paths.length, ...shape], { device, dtype: batch.dtype });
        copyRows(batch, all, images.length);
        images.push(...indices);
        onProgress(images.length);
      }
      if (all === undefined) {
        throw new Error(`Cannot evaluate ${this.folder.root}: it has no images`);
      }
      return { features: all.narrow(0, 0, images.length), labels: this.labelsOf(images) };
    } finally {
      all?.dispose();
    }
  }

  /**
   * Computes the features of every image, batch by batch.
   *
   * @param embed What computes them.
   * @param options Device, and where to resume.
   * @returns Batches in the folder's order, without broken files.
   * @throws {Error} If too many files are broken, or the folder cannot be read.
   */
  async *embedded(embed: Embedding, options: EmbeddedOptions = {}): AsyncGenerator<EmbeddedBatch> {
    const { device = "cpu", begun, signal } = options;
    for await (const { images, indices, position } of this.#batches(begun)) {
      signal?.throwIfAborted();
      const features = keep(scope(() => this.#embed(embed, images.to({ device }), indices)));
      yield { features, indices, position, brokenFiles: this.#brokenFiles };
    }
  }

  /** The classes of images, given by their indices in the folder; 0 where there are none. */
  labelsOf(images: readonly number[]): Uint32Array {
    return Uint32Array.from(images, (index) => this.folder.labels?.[index] ?? 0);
  }

  /**
   * Endless batches of features of the images as classifiers are trained on them: shuffled, cropped at random, mirrored
   * half the time. They depend on the seed and the batch size alone.
   *
   * @param embed What computes features.
   * @param options Device and seed.
   * @returns For each batch a function that computes it, without gradients.
   * @throws {Error} If too many files are broken, or the folder cannot be read.
   */
  async *augmented(
    embed: Embedding,
    options: AugmentedOptions = {},
  ): AsyncGenerator<() => LabelledFeatures> {
    const { device = "cpu", seed = 0, signal } = options;
    const { imageSize, channels, exif } = this.seen;
    using loader = trainingBatches(this.folder, {
      ...this.#loading,
      seed,
      channels,
      exif,
      signal,
      batchSize: this.#batchSize,
    });
    for await (const { images, indices, labels = [], iteration } of loader) {
      this.#brokenFiles = loader.brokenFiles;
      yield () => ({
        features: scope(() => {
          const crops = images.map((image, place) => {
            const stream = new Stream(seed, "crop", iteration, place);
            return trainTransform(image, imageSize, { stream, device });
          });
          return this.#embed(embed, stack(crops), indices);
        }),
        labels: Uint32Array.from(labels),
      });
    }
  }

  /** Frees the images kept in memory. */
  [Symbol.dispose](): void {
    for (const { images } of this.#kept.splice(0)) images.dispose();
    this.#isComplete = false;
  }

  /** Features of a batch, which are finite. */
  #embed(embed: Embedding, images: Tensor, indices: readonly number[]): Tensor {
    return noGradScope(() => {
      const features = embed(images);
      const nameOf = (place: number) => imageName(this.folder, indices[place]);
      checkFiniteFeatures(features, embed.identity?.backbone, nameOf);
      return features;
    });
  }

  async *#batches(begun?: FeatureProgress): AsyncGenerator<PreparedBatch> {
    if (this.#isComplete && begun === undefined) return yield* this.#kept;
    this[Symbol.dispose](); // what a reading kept that was broken off
    const { imageSize, channels, exif, ...view } = this.seen;
    const bytes = this.folder.paths.length * imageSize ** 2 * bytesPerPixel(channels);
    const keeps = begun === undefined && bytes <= this.#keepBytes;
    using loader = evaluationBatches(this.folder, {
      ...begun,
      ...this.#loading,
      channels,
      exif,
      batchSize: this.#batchSize,
      cacheBytes: 0, // each image is decoded once
    });
    for await (const { images, indices, position } of loader) {
      const prepare = () =>
        stack(images.map((image) => {
          const seen = evalTransform(image, imageSize, view);
          return channels === 3 ? seen : seen.to({ dtype: "float32" }); // of 8 and 16 bits, mixed
        }));
      const batch = { images: keep(scope(prepare)), indices, position };
      this.#brokenFiles = loader.brokenFiles;
      if (keeps) this.#kept.push(batch);
      try {
        yield batch;
      } finally {
        if (!keeps) batch.images.dispose();
      }
    }
    this.#brokenFiles = loader.brokenFiles;
    this.#isComplete = keeps;
  }
}

/** Copies rows into others, from one on. */
function copyRows(rows: Tensor, all: Tensor, first: number): void {
  noGradScope(() => void all.narrow(0, first, rows.shape[0]).copy_(rows));
}

/** Hands each line on once. */
function once(onNote: (text: string) => void): (text: string) => void {
  const told = new Set<string>();
  return (text) => {
    if (!told.has(text)) onNote(text);
    told.add(text);
  };
}
