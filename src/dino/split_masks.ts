import type { SampledMasks } from "./masking.ts";

/**
 * Shares the masks of a batch out to parts of as many images each, crop-major like the batch: the first crops of a part's
 * images, then their second ones.
 *
 * @param sampled Masks of the batch, `[2B, N]`, B a multiple of `parts`.
 * @returns Masks of each part, `[2B / parts, N]`. Buffers get an equal share of the upper bound; a part that drew more
 * masks needs larger ones.
 */
export function splitMasks({ masks, upperbound }: SampledMasks, parts: number): SampledMasks[] {
  const crops = masks.length / 2; // bytes of the first crops, and of the second ones
  const share = crops / parts;
  return Array.from({ length: parts }, (_, part) => {
    const ofPart = new Uint8Array(2 * share);
    for (const crop of [0, 1]) {
      const start = crop * crops + part * share;
      ofPart.set(masks.subarray(start, start + share), crop * share);
    }
    return { masks: ofPart, upperbound: Math.ceil(upperbound / parts) };
  });
}
