/**
 * The order in which images are used.
 *
 * @module
 */
import type { ImageFolder, ImageGroups } from "./folder.ts";
import { Stream } from "../random/stream.ts";

/** An order of images: which image stands at which place. */
export interface Sampler {
  /** Number of images to choose from. */
  readonly size: number;
  /** The image at a place, counted from 0, or undefined behind the end. */
  indexAt(position: number): number | undefined;
}

/** An order without end. */
export interface EndlessSampler extends Sampler {
  /** The image at a place; there is always one. */
  indexAt(position: number): number;
}

/** An endless order of epochs, each of which has all images once: the epoch at hand is kept. */
class EpochSampler implements EndlessSampler {
  readonly size: number;
  readonly #shuffle: (epoch: number) => Uint32Array<ArrayBuffer>;
  #epoch = -1;
  #order = new Uint32Array();

  /**
   * Makes the order of that many images, given that of each epoch.
   *
   * @throws {RangeError} If there is no image to sample.
   */
  constructor(size: number, shuffle: (epoch: number) => Uint32Array<ArrayBuffer>) {
    if (!Number.isInteger(size) || size < 1) {
      throw new RangeError(`Cannot sample from ${size} images: give 1 or more`);
    }
    this.size = size;
    this.#shuffle = shuffle;
  }

  /** The image at a place; there is always one. */
  indexAt(position: number): number {
    const epoch = Math.floor(position / this.size);
    if (epoch !== this.#epoch) {
      this.#order = this.#shuffle(epoch);
      this.#epoch = epoch;
    }
    return this.#order[position % this.size];
  }
}

/**
 * An endless shuffled order: every epoch is a new permutation of all images.
 *
 * The image at a place is a pure function of seed, epoch and place, so a run can resume from any
 * place without replaying what came before. As in the reference's sampler, epochs follow each
 * other without a gap, and a batch may hold the end of one and the beginning of the next. (The
 * reference shuffles every epoch with a generator seeded by the epoch; so do we, with ours.)
 */
export class ShuffledSampler extends EpochSampler {
  /**
   * Makes the order of that many images for a seed (default 0).
   *
   * @throws {RangeError} If there is no image to sample.
   */
  constructor(size: number, { seed = 0 }: { seed?: number } = {}) {
    super(size, (epoch) => new Stream(seed, "sampler", epoch).permutation(size));
  }
}

/**
 * The order in which a folder's images are trained on: independent draws where they have weights, groups shuffled a few at
 * a time where they can only be read in groups, else every epoch a permutation of all.
 */
export function trainingOrder(
  { paths, weights, groups }: ImageFolder,
  options: { seed?: number } = {},
): EndlessSampler {
  if (weights !== undefined) return new WeightedSampler(weights, options);
  if (groups !== undefined) return new GroupedSampler(paths.length, groups, options);
  return new ShuffledSampler(paths.length, options);
}

/**
 * An endless shuffled order for images that can only be read in groups: groups in random order, and the images of a few
 * groups at a time among each other, as a buffer shuffles what is read in sequence. Every epoch has all images once.
 *
 * As in {@linkcode ShuffledSampler}, the image at a place is a pure function of seed, epoch and place.
 */
class GroupedSampler extends EpochSampler {
  /**
   * Makes the order of that many images for a seed (default 0).
   *
   * @throws {RangeError} If there is no image to sample.
   */
  constructor(size: number, groups: ImageGroups, { seed = 0 }: { seed?: number } = {}) {
    super(size, (epoch) => shuffleGroups(size, groups, seed, epoch));
  }
}

/** The images of an epoch, a few groups at a time. */
function shuffleGroups(
  size: number,
  { starts, together }: ImageGroups,
  seed: number,
  epoch: number,
): Uint32Array<ArrayBuffer> {
  const order = new Uint32Array(size);
  const groups = new Stream(seed, "sampler", "groups", epoch).permutation(starts.length);
  for (let first = 0, filled = 0; first < groups.length; first += together) {
    const images: number[] = [];
    for (const group of groups.subarray(first, first + together)) {
      const end = starts[group + 1] ?? size;
      for (let image = starts[group]; image < end; image++) images.push(image);
    }
    const places = new Stream(seed, "sampler", "window", epoch, first).permutation(images.length);
    for (const place of places) order[filled++] = images[place];
  }
  return order;
}

/** Draws that are made at once. */
const BLOCK = 1024;

/**
 * An endless order of independent draws: at every place each image stands with a chance in proportion to its weight,
 * whatever stood before.
 *
 * The image at a place is a pure function of seed and place.
 */
class WeightedSampler implements EndlessSampler {
  readonly size: number;
  readonly #sums: Float64Array<ArrayBuffer>;
  readonly #seed: number;
  #block = -1;
  #draws = new Uint32Array();

  /**
   * Makes the order of images with these weights for a seed (default 0).
   *
   * @throws {RangeError} If no weight is above 0, or one is below or not finite.
   */
  constructor(weights: Float64Array, { seed = 0 }: { seed?: number } = {}) {
    let sum = 0;
    this.#sums = Float64Array.from(weights, (weight) => {
      if (!(weight >= 0)) throw new RangeError(`Cannot draw an image with the weight ${weight}`);
      return sum += weight;
    });
    if (!(sum > 0 && sum < Infinity)) {
      throw new RangeError(`Cannot draw from images whose weights have the sum ${sum}`);
    }
    this.size = weights.length;
    this.#seed = seed;
  }

  /** The image at a place; there is always one. */
  indexAt(position: number): number {
    const block = Math.floor(position / BLOCK);
    if (block !== this.#block) {
      const stream = new Stream(this.#seed, "sampler", "draws", block);
      this.#draws = Uint32Array.from({ length: BLOCK }, () => this.#find(stream.next()));
      this.#block = block;
    }
    return this.#draws[position % BLOCK];
  }

  /** The image in whose part of the sum of all weights a share of it ends. */
  #find(share: number): number {
    const sums = this.#sums;
    const target = share * sums[sums.length - 1];
    let low = 0, high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sums[middle] > target) high = middle;
      else low = middle + 1;
    }
    return low;
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

/**
 * Some evenly spaced indices of many, from the first to near the end.
 *
 * @param length How many there are.
 * @param most How many are wanted at most.
 */
export function spreadEvenly(length: number, most: number): number[] {
  const count = Math.min(most, length);
  return Array.from({ length: count }, (_, i) => Math.floor(i * length / count));
}
