/**
 * The order in which images are used.
 *
 * @module
 */
import { Stream } from "../random/stream.ts";

/** An order of images: which image stands at which place. */
export interface Sampler {
  /** Number of images to choose from. */
  readonly size: number;
  /** The image at a place, counted from 0, or undefined behind the end. */
  indexAt(position: number): number | undefined;
}

/**
 * An endless shuffled order: every epoch is a new permutation of all images.
 *
 * The image at a place is a pure function of seed, epoch and place, so a run can go on from any
 * place without replaying what came before. As in the reference's sampler, epochs follow each
 * other without a gap, and a batch may hold the end of one and the beginning of the next. (The
 * reference shuffles every epoch with a generator seeded by the epoch; so do we, with ours.)
 */
export class ShuffledSampler implements Sampler {
  readonly size: number;
  readonly #seed: number;
  #epoch = -1;
  #order = new Uint32Array();

  /**
   * Makes the order of that many images for a seed (default 0).
   *
   * @throws {RangeError} If there is no image to sample.
   */
  constructor(size: number, { seed = 0 }: { seed?: number } = {}) {
    if (!Number.isInteger(size) || size < 1) {
      throw new RangeError(`Cannot sample from ${size} images: give 1 or more`);
    }
    this.size = size;
    this.#seed = seed;
  }

  /** The image at a place; there is always one. */
  indexAt(position: number): number {
    const epoch = Math.floor(position / this.size);
    if (epoch !== this.#epoch) {
      this.#order = new Stream(this.#seed, "sampler", epoch).permutation(this.size);
      this.#epoch = epoch;
    }
    return this.#order[position % this.size];
  }
}

/** Every image once, in the folder's order. */
export class SequentialSampler implements Sampler {
  readonly size: number;

  /** Makes the order of that many images. */
  constructor(size: number) {
    this.size = size;
  }

  /** The image at a place, or undefined behind the last. */
  indexAt(position: number): number | undefined {
    return position < this.size ? position : undefined;
  }
}
