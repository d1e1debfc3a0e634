/**
 * Batches of crops for training, made ahead of use on other threads.
 *
 * @module
 */
import { type BatchShape, CropLayout } from "./augment/crop_layout.ts";
import type { Normalization } from "./augment/normalize.ts";
import type { CropSettings } from "./augment/recipe.ts";
import { type BrokenFile, BrokenFiles, NotedFiles, seenInTraining } from "./broken_files.ts";
import type { DecodeOptions } from "./codec/decode.ts";
import type { CropOutcome, CropPlan } from "./crop_job.ts";
import { CropOrder } from "./crop_order.ts";
import { DecodePool } from "./decode_pool.ts";
import { type ImageFolder, locate } from "./folder.ts";
import { CACHE_BYTES, ImageCache } from "./image_cache.ts";
import type { CropBuffer } from "./pixels/crops.ts";
import { decoderOf } from "./pixels/decoder_choice.ts";
import { type EndlessSampler, trainingOrder } from "./sampler.ts";

/** The crops of a batch. They are overwritten when the next batch is asked for. */
interface CropBatch {
  /** The crops. */
  readonly values: CropBuffer;
  /** Where each lies. */
  readonly layout: CropLayout;
  /** For each image, its index in the folder. */
  readonly indices: readonly number[];
  /** Number of the batch. */
  readonly iteration: number;
  /** The place in the order after this batch: to resume after it, start there. */
  readonly position: number;
}

/** Options of {@linkcode CropLoader}. */
export interface CropLoaderOptions extends BatchShape {
  /** The recipe of the crops. */
  readonly settings: Pick<CropSettings, "crops" | "augmentation">;
  /** What they are normalised by, on the scale of bytes. */
  readonly normalization: Normalization;
  /** How images are decoded. Default: as by `decodeImage`. */
  readonly decoding?: DecodeOptions;
  /** Seed of the order and of the crops. */
  readonly seed: number;
  /** Place in the order to start from, that of an earlier batch. Default: 0. */
  readonly position?: number;
  /** Number of the first batch. Default: 0. */
  readonly iteration?: number;
  /** Threads. Default: see {@linkcode DecodePool}. */
  readonly workers?: number;
  /** Share of broken files at which loading stops. Default: 0.1. */
  readonly maxBrokenFraction?: number;
  /** Files known to be broken. Default: none. */
  readonly brokenFiles?: readonly BrokenFile[];
  /** Called with a line on files that were read, but for something: damage that left pixels whole, further pages. Default: ignored. */
  readonly onNote?: (text: string) => void;
  /** Bytes of decoded images to keep. Default: 256 MiB. */
  readonly cacheBytes?: number;
  /** Most bytes of crops made ahead; one batch is made ahead whatever its size. Default: 512 MiB. */
  readonly prefetchBytes?: number;
}

/** An image that was given out. */
interface Entry {
  readonly number: number;
  readonly position: number;
  readonly index: number;
  readonly outcome: Promise<CropOutcome>;
}

const PREFETCH_BYTES = 512 * 2 ** 20;

/** Most batches made ahead: they even out images that take longer than others. */
const MOST_AHEAD = 3;

/** Batches that a loader has room for: the one that is learned from, and what is made ahead. */
export function batchesHeld(batchBytes: number, prefetchBytes = PREFETCH_BYTES): number {
  return 1 + Math.min(MOST_AHEAD, Math.max(1, Math.floor(prefetchBytes / batchBytes)));
}

/**
 * Endless batches of crops in shuffled order, a pure function of the folder, the seed and the starting place, whatever the
 * number of threads: batches follow on while one is learned from. A broken file is skipped, and the next image in the order
 * takes its place.
 *
 * Can be iterated once. It holds threads: close it, or declare it with `using`.
 */
export class CropLoader implements AsyncIterable<CropBatch> {
  readonly #folder: ImageFolder;
  readonly #sampler: EndlessSampler;
  readonly #plan: CropPlan;
  readonly #order: CropOrder;
  readonly #pool: DecodePool;
  readonly #cache: ImageCache;
  readonly #broken: BrokenFiles;
  readonly #noted: NotedFiles;
  readonly #layout: CropLayout;
  readonly #entries: Entry[] = [];
  readonly #mostAhead: number;
  #position: number;
  #iteration: number;
  #given = 0;
  #slot: number;
  #awaited: number | undefined;
  #isClosed = false;

  /**
   * Starts the threads; decoding begins with the first batch asked for.
   *
   * @throws {RangeError} If a size in the options is out of range.
   */
  constructor(folder: ImageFolder, options: CropLoaderOptions) {
    const { settings, normalization, seed, images, microBatches, position = 0, iteration = 0 } =
      options;
    decoderOf("JPEG"); // finds, or builds, the native library: workers take what is there
    this.#folder = folder;
    this.#sampler = trainingOrder(folder, { seed });
    this.#layout = new CropLayout(settings, { images, microBatches });
    this.#position = position;
    this.#iteration = iteration;
    this.#slot = iteration * images;
    const length = microBatches * this.#layout.microBatchLength;
    const buffers = Array.from(
      { length: batchesHeld(4 * length, options.prefetchBytes) },
      () => new Float32Array(new SharedArrayBuffer(4 * length)),
    );
    this.#mostAhead = buffers.length * images;
    this.#order = new CropOrder(this.#mostAhead);
    const { states } = this.#order;
    const { decoding = {} } = options;
    this.#plan = { settings, decoding, normalization, seed, images, microBatches, states, buffers };
    this.#cache = new ImageCache(options.cacheBytes ?? CACHE_BYTES);
    const seen = seenInTraining(folder, this.#sampler, {
      position,
      brokenFiles: options.brokenFiles ?? [],
    });
    this.#broken = new BrokenFiles(folder.paths, options.maxBrokenFraction ?? 0.1, seen);
    this.#noted = new NotedFiles(options.onNote ?? (() => {}));
    this.#pool = new DecodePool({ workers: options.workers });
  }

  /** Files that were skipped so far, and why. */
  get brokenFiles(): readonly BrokenFile[] {
    return this.#broken.list();
  }

  /** The image that is being waited for, if one is, and the thread that has it; see {@linkcode DecodePool.describe}. */
  get awaited(): string | undefined {
    const index = this.#awaited;
    return index === undefined ? undefined : this.#pool.describe(this.#folder, index);
  }

  /** Ends the loader's threads and the iteration. */
  close(): void {
    this.#isClosed = true;
    this.#noted.close();
    for (const { number } of this.#entries) this.#order.settle(number, false); // a thread that waits cannot be ended
    this.#pool.close();
  }

  /** Ends the loader's threads and the iteration. */
  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * The batches, in order.
   *
   * @throws {Error} If too many files are broken; the message lists the first ones.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<CropBatch, void> {
    try {
      while (!this.#isClosed) yield await this.#nextBatch();
    } catch (error) {
      if (!this.#isClosed) throw error;
    } finally {
      this.close();
    }
  }

  async #nextBatch(): Promise<CropBatch> {
    const { images, buffers } = this.#plan;
    const indices: number[] = [];
    const iteration = this.#iteration;
    // The buffer of the batch before is free from here on.
    const end = iteration * images + this.#mostAhead;
    let position = this.#position;
    while (indices.length < images) {
      while (this.#slot + this.#entries.length < end) this.#giveOut();
      const entry = this.#entries.shift()!;
      this.#awaited = entry.index;
      const outcome = await entry.outcome;
      this.#awaited = undefined;
      if ("reason" in outcome) {
        this.#broken.addBroken(entry.index, outcome.reason);
        if (!this.#order.settle(entry.number, false)) await this.#giveOutAnew(entry.position + 1);
        continue;
      }
      this.#broken.addGood(entry.index);
      if (outcome.notes) {
        this.#noted.add(entry.index, this.#folder.paths[entry.index], outcome.notes);
      }
      if (outcome.image !== undefined) this.#cache.offer(entry.index, outcome.image);
      indices.push(entry.index);
      this.#slot++;
      position = entry.position + 1;
    }
    this.#iteration++;
    const values = buffers[iteration % buffers.length];
    return { values, layout: this.#layout, indices, iteration, position };
  }

  /** Takes back what was given out behind an image of which threads died after it had counted as good: the places are others. */
  async #giveOutAnew(position: number): Promise<void> {
    await Promise.all(this.#entries.map(({ outcome }) => outcome));
    this.#entries.length = 0;
    this.#position = position;
  }

  #giveOut(): void {
    let index: number;
    do index = this.#sampler.indexAt(this.#position++); while (this.#broken.has(index));
    const number = this.#given++;
    this.#order.begin(number);
    const from = this.#entries[0]?.number ?? number;
    const image = this.#cache.get(index);
    const isKept = image === undefined && this.#cache.hasRoom;
    const job = { turn: { number, from, slot: this.#slot }, image, isKept };
    const outcome = this.#pool.crop(locate(this.#folder, index), this.#plan, job);
    outcome.then(
      (settled) => this.#order.settle(number, !("reason" in settled)), // a thread that died told nobody
      () => {},
    );
    this.#entries.push({ number, position: this.#position - 1, index, outcome });
  }
}
