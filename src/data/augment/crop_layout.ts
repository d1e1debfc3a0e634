import type { CropSettings } from "./recipe.ts";

/** How many images a batch has, and in how many equal micro-batches it is learned from. */
export interface BatchShape {
  /** Images of the whole batch. */
  readonly images: number;
  /** Micro-batches. */
  readonly microBatches: number;
}

/** Some of the values of a batch. */
interface CropGroup {
  /** The first. */
  readonly offset: number;
  /** `[n, 3, S, S]`. */
  readonly shape: readonly [number, number, number, number];
}

/**
 * Where the crops of a batch lie in one buffer of float32: for each micro-batch its global crops, crop-major (first all first
 * crops, then all second ones), then its local ones alike.
 */
export class CropLayout {
  readonly #images: number;
  readonly #kinds: readonly { readonly count: number; readonly side: number }[];

  /** @throws {RangeError} If the images cannot be shared out among the micro-batches. */
  constructor({ crops }: Pick<CropSettings, "crops">, { images, microBatches }: BatchShape) {
    if (images % microBatches !== 0) {
      throw new RangeError(`Cannot make ${microBatches} equal micro-batches of ${images} images`);
    }
    this.#images = images / microBatches;
    this.#kinds = [
      { count: 2, side: crops.global_crops_size },
      { count: crops.local_crops_number, side: crops.local_crops_size },
    ];
  }

  /** Values of one micro-batch. */
  get microBatchLength(): number {
    return this.#groupLength(0) + this.#groupLength(1);
  }

  /** The global (0) or the local (1) crops of a micro-batch. */
  group(microBatch: number, kind: 0 | 1): CropGroup {
    const { count, side } = this.#kinds[kind];
    const offset = microBatch * this.microBatchLength + (kind === 0 ? 0 : this.#groupLength(0));
    return { offset, shape: [count * this.#images, 3, side, side] };
  }

  /** Where each crop of the image at a place of the batch begins, in the order in which they are drawn. */
  offsets(place: number): number[] {
    const microBatch = Math.floor(place / this.#images), within = place % this.#images;
    return ([0, 1] as const).flatMap((kind) => {
      const { count, side } = this.#kinds[kind];
      const { offset } = this.group(microBatch, kind);
      return Array.from(
        { length: count },
        (_, crop) => offset + (crop * this.#images + within) * 3 * side ** 2,
      );
    });
  }

  #groupLength(kind: 0 | 1): number {
    const { count, side } = this.#kinds[kind];
    return count * this.#images * 3 * side ** 2;
  }
}
