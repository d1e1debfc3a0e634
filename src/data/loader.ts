/**
 * Batches of decoded images from a folder.
 *
 * @module
 */
import {
  type BrokenFile,
  BrokenFiles,
  NotedFiles,
  type SeenFiles,
  seenInTraining,
} from "./broken_files.ts";
import { DecodePool, type DecodePoolOptions } from "./decode_pool.ts";
import type { DecodeOutcome } from "./decode_worker.ts";
import { type ImageFolder, locate } from "./folder.ts";
import type { DecodedImage } from "./image.ts";
import { CACHE_BYTES, ImageCache } from "./image_cache.ts";
import { Prefetch, type Prefetched } from "./prefetch.ts";
import { type Sampler, SequentialSampler, trainingOrder } from "./sampler.ts";

/** Images that are used together. */
export interface ImageBatch {
  /** The images. */
  readonly images: readonly DecodedImage[];
  /** For each image, its index in the folder. */
  readonly indices: readonly number[];
  /** For each image, the index of its class, where the folder has classes. */
  readonly labels?: readonly number[];
  /** Number of the batch. */
  readonly iteration: number;
  /** The place in the order after this batch: to resume after it, start there. */
  readonly position: number;
  /** Milliseconds spent waiting for images. */
  readonly waited: number;
}

/** Options that {@linkcode trainingBatches} and {@linkcode evaluationBatches} share. */
export interface LoaderOptions extends DecodePoolOptions {
  /** Images in a batch. Default: 64. */
  batchSize?: number;
  /** Most images decoded ahead. Default: four batches. */
  prefetchItems?: number;
  /** Most bytes of pixels decoded ahead. Default: 512 MiB. */
  prefetchBytes?: number;
  /** Bytes of decoded images to keep, so that a small set is decoded once. Default: 256 MiB. */
  cacheBytes?: number;
  /** Share of broken files at which loading stops, 0 to 1. Default: 0.1. */
  maxBrokenFraction?: number;
  /** Called with a line on files that were read, but for something: damage that left pixels whole, further pages. Default: ignored. */
  onNote?: (text: string) => void;
  /** Ends the loading when it is aborted: the next batch throws its reason. Default: never. */
  signal?: AbortSignal;
  /** Threads to share; they stay open when the loader closes. Default: the loader's own. */
  pool?: DecodePool;
}

/** Options of {@linkcode trainingBatches}. */
export interface TrainingLoaderOptions extends LoaderOptions {
  /** Seed of the order. Default: 0. */
  seed?: number;
  /** Place in the order to start from: an earlier batch's `position`. Default: 0. */
  position?: number;
  /** Number of the first batch. Default: 0. */
  iteration?: number;
  /** Files before that place that could not be decoded. Default: none. */
  brokenFiles?: readonly BrokenFile[];
}

/**
 * Endless batches in shuffled order, all of the same size.
 *
 * The batches are a pure function of the folder, the seed and the starting place, whatever the
 * number of threads. A broken file is skipped, and the next image in the order takes its
 * place.
 */
export function trainingBatches(
  folder: ImageFolder,
  { seed = 0, position = 0, iteration = 0, brokenFiles = [], ...options }: TrainingLoaderOptions =
    {},
): ImageLoader {
  const sampler = trainingOrder(folder, { seed });
  const seen = seenInTraining(folder, sampler, { position, brokenFiles });
  return new ImageLoader(folder, sampler, { ...options, position, iteration, seen });
}

/** Options of {@linkcode evaluationBatches}. */
export interface EvaluationLoaderOptions extends LoaderOptions {
  /** Images to skip at the beginning, because they are done. Default: none. */
  position?: number;
  /** Those of them that could not be decoded. Default: none. */
  brokenFiles?: readonly BrokenFile[];
}

/** Every image once in the folder's order; the last batch may be smaller. */
export function evaluationBatches(
  folder: ImageFolder,
  { position = 0, brokenFiles = [], ...options }: EvaluationLoaderOptions = {},
): ImageLoader {
  const seen = { indices: Array.from({ length: position }, (_, i) => i), brokenFiles };
  const sampler = new SequentialSampler(folder.paths.length);
  return new ImageLoader(folder, sampler, { ...options, position, seen });
}

/**
 * Reads, decodes and batches the images of a folder, ahead of use and on other threads.
 *
 * Can be iterated once; leaving the loop closes it. A loader that is not iterated to the end must
 * be closed, or declared with `using`.
 */
export class ImageLoader implements AsyncIterable<ImageBatch> {
  readonly #folder: ImageFolder;
  readonly #pool: DecodePool;
  readonly #ownsPool: boolean;
  readonly #cache: ImageCache;
  readonly #broken: BrokenFiles;
  readonly #noted: NotedFiles;
  readonly #prefetch: Prefetch;
  readonly #signal: AbortSignal | undefined;
  readonly #batchSize: number;
  #iteration: number;
  #isClosed = false;

  /**
   * Starts the threads; decoding begins with the first batch asked for.
   *
   * @param folder The images.
   * @param sampler The order in which they are used.
   * @throws {RangeError} If a size in the options is out of range.
   */
  constructor(
    folder: ImageFolder,
    sampler: Sampler,
    options: Omit<TrainingLoaderOptions, "seed" | "brokenFiles"> & { seen?: SeenFiles } = {},
  ) {
    const { batchSize = 64, position = 0, iteration = 0 } = options;
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new RangeError(`Cannot make batches of ${batchSize} images: give 1 or more`);
    }
    this.#folder = folder;
    this.#batchSize = batchSize;
    this.#signal = options.signal;
    this.#iteration = iteration;
    this.#cache = new ImageCache(options.cacheBytes ?? CACHE_BYTES);
    this.#broken = new BrokenFiles(
      folder.paths,
      options.maxBrokenFraction ?? 0.1,
      options.seen,
    );
    this.#noted = new NotedFiles(options.onNote ?? (() => {}));
    const source = {
      indexAt: (place: number) => sampler.indexAt(place),
      decode: (index: number) => this.#decode(index),
    };
    this.#prefetch = new Prefetch(source, position, {
      items: options.prefetchItems ?? 4 * batchSize,
      bytes: options.prefetchBytes ?? 512 * 2 ** 20,
    });
    this.#ownsPool = options.pool === undefined;
    this.#pool = options.pool ?? new DecodePool(options);
  }

  /** Files that were skipped so far, and why. */
  get brokenFiles(): readonly BrokenFile[] {
    return this.#broken.list();
  }

  /** The image that is being waited for, if one is, and the thread that has it; see {@linkcode DecodePool.describe}. */
  get awaited(): string | undefined {
    const index = this.#prefetch.awaited;
    return index === undefined ? undefined : this.#pool.describe(this.#folder, index);
  }

  /** Ends the loader's threads and the iteration. */
  close(): void {
    this.#isClosed = true;
    this.#noted.close();
    if (this.#ownsPool) this.#pool.close();
  }

  /** Ends the loader's threads and the iteration. */
  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * The batches, in order.
   *
   * @throws {Error} If too many files are broken; the message lists the first ones.
   * @throws The signal's reason, when it is aborted.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<ImageBatch, void> {
    try {
      for (;;) {
        this.#signal?.throwIfAborted();
        const batch = await this.#nextBatch();
        this.#signal?.throwIfAborted();
        if (batch === undefined) return;
        yield batch;
      }
    } finally {
      this.close();
    }
  }

  async #nextBatch(): Promise<ImageBatch | undefined> {
    const started = performance.now();
    const images: DecodedImage[] = [];
    const indices: number[] = [];
    let position = 0;
    while (images.length < this.#batchSize) {
      const next = await this.#take();
      if (next === undefined) break;
      const { index, outcome } = next;
      if ("reason" in outcome) {
        this.#broken.addBroken(index, outcome.reason);
      } else {
        this.#broken.addGood(index);
        if (outcome.notes) this.#noted.add(index, this.#folder.paths[index], outcome.notes);
        this.#cache.offer(index, outcome);
        images.push(outcome);
        indices.push(index);
        position = next.position + 1;
      }
    }
    if (images.length === 0 || this.#isClosed) return undefined;
    const labels = this.#folder.labels && indices.map((index) => this.#folder.labels![index]);
    const waited = performance.now() - started;
    return { images, indices, labels, iteration: this.#iteration++, position, waited };
  }

  async #take(): Promise<Prefetched | undefined> {
    if (this.#isClosed) return undefined;
    try {
      return await this.#prefetch.take();
    } catch (error) {
      if (this.#isClosed) return undefined;
      throw error;
    }
  }

  #decode(index: number): Promise<DecodeOutcome> | undefined {
    if (this.#broken.has(index)) return undefined;
    const kept = this.#cache.get(index);
    if (kept !== undefined) return Promise.resolve(kept);
    const { root, targets } = this.#folder;
    const target = targets && { path: `${root}/${targets.paths[index]}`, kind: targets.kind };
    return this.#pool.decode(locate(this.#folder, index), target);
  }
}
