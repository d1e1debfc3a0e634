/**
 * Reads the files of images one after another, to be written elsewhere.
 *
 * @module
 */
import { FORMATS, isNpy } from "./codec/formats.ts";
import { readImageHeader } from "./codec/image_header.ts";
import { DecodePool } from "./decode_pool.ts";
import type { ShrinkOutcome } from "./decode_worker.ts";
import { type ImageFolder, locate } from "./folder.ts";
import { shrinkImage } from "./shrink_image.ts";
import { readSample } from "./sources/sample.ts";

/** The file of an image. */
export interface ImageFile {
  /** What it holds. */
  readonly bytes: Uint8Array;
  /** The ending of a name for it, by its content, without the dot. */
  readonly ending: string;
}

/** What is to become of the files. */
export interface ImageFilesOptions {
  /** Pixels to which the shorter side of an image that has more is resized; see {@linkcode shrinkImage}. Default: none is. */
  shortSide?: number;
  /** Channels of the images: where they are not 3, files of `numpy.save` are images too, which are not resized. Default: 3. */
  channels?: number;
  /** Threads that resize images of 3 channels. Default: one for each core, at most 10. */
  workers?: number;
}

/** Images that threads are given ahead of the one that is wanted: some for each. */
const AHEAD = 64;

/**
 * The files of a folder's images in its order, resized if that is wanted: those of 3 channels on several threads.
 *
 * Threads are held until it is closed: declare it with `using`.
 */
export class ImageFiles {
  readonly #folder: ImageFolder;
  readonly #options: ImageFilesOptions;
  readonly #pool?: DecodePool;
  /** What threads were given, the next one first. */
  readonly #begun: Promise<ShrinkOutcome>[] = [];
  #given = 0;
  #taken = 0;

  /**
   * Starts the threads where they are needed.
   *
   * @throws {RangeError} If the number of workers is not a positive integer, or more than open files are allowed for.
   */
  constructor(folder: ImageFolder, options: ImageFilesOptions = {}) {
    const { shortSide, channels = 3, workers } = options;
    this.#folder = folder;
    this.#options = options;
    if (shortSide !== undefined && channels === 3) this.#pool = new DecodePool({ workers });
  }

  /**
   * The file of the next image, or the reason why it cannot be read.
   *
   * @throws {Error} If no thread can be started.
   */
  async next(): Promise<ImageFile | { readonly reason: string }> {
    const index = this.#taken++;
    const outcome = this.#pool === undefined
      ? await this.#read(index)
      : await this.#takeFrom(this.#pool, index);
    if ("reason" in outcome) return outcome;
    try {
      return { bytes: outcome.bytes, ending: await this.#endingOf(outcome.bytes) };
    } catch (error) {
      return { reason: (error as Error).message };
    }
  }

  /** Ends the threads. */
  [Symbol.dispose](): void {
    this.#pool?.close();
  }

  #takeFrom(pool: DecodePool, index: number): Promise<ShrinkOutcome> {
    const end = Math.min(this.#folder.paths.length, index + AHEAD);
    for (; this.#given < end; this.#given++) {
      const begun = pool.shrink(locate(this.#folder, this.#given), this.#options.shortSide!);
      begun.catch(() => {}); // what nobody comes to take fails nobody
      this.#begun.push(begun);
    }
    return this.#begun.shift()!;
  }

  /** Whether a file is an array of `numpy.save`, which is an image of other channels than three. */
  #isArray(bytes: Uint8Array): boolean {
    const { channels = 3 } = this.#options;
    return channels !== 3 && isNpy(bytes);
  }

  async #endingOf(bytes: Uint8Array): Promise<string> {
    if (this.#isArray(bytes)) return "npy";
    const { format } = await readImageHeader(bytes);
    return FORMATS[format].endings[0].slice(1);
  }

  async #read(index: number): Promise<ShrinkOutcome> {
    const { shortSide, channels } = this.#options;
    try {
      const bytes = await readSample(locate(this.#folder, index));
      if (shortSide === undefined) return { bytes };
      if (this.#isArray(bytes)) throw new Error("an array of numpy.save is not resized");
      return { bytes: await shrinkImage(bytes, shortSide, channels) };
    } catch (error) {
      return { reason: (error as Error).message };
    }
  }
}
