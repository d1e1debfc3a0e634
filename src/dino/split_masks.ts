import type { SampledMasks } from "../random/masking.ts";

/**
 * Shares the masks of a batch out to micro-batches of as many images each, crop-major like the batch: the first crops of its
 * images, then their second ones.
 *
 * @param sampled Masks of the batch, `[2B, N]`, B a multiple of `count`.
 * @returns Masks of each micro-batch, `[2B / count, N]`. Buffers get an equal share of the upper bound; one that drew more
 * masks needs larger ones.
 */
export function splitMasks({ masks, upperbound }: SampledMasks, count: number): SampledMasks[] {
  const crops = masks.length / 2; // bytes of the first crops, and of the second ones
  const share = crops / count;
  return Array.from({ length: count }, (_, index) => {
    const own = new Uint8Array(2 * share);
    for (const crop of [0, 1]) {
      const start = crop * crops + index * share;
      own.set(masks.subarray(start, start + share), crop * share);
    }
    return { masks: own, upperbound: Math.ceil(upperbound / count) };
  });
}
