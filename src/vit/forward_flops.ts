import { swiGluHidden } from "../nn/swiglu.ts";
import { resolveOptions, type VisionTransformerOptions } from "./options.ts";

/** Options of {@linkcode forwardFlops}. */
export interface ForwardFlopsOptions {
  /** Share of the images that each block works on, in order. Default: 1 everywhere. */
  kept?: readonly number[];
}

/**
 * Floating-point operations of a transformer's forward pass for one image. Counted are matrix products, 2 m n k each: for
 * N patches and n tokens of width D, the patch embedding 2 N D C P²; in each block 8 n D² for queries, keys, values and
 * projection, 4 n² D for attention, 4 n D H for an MLP of width H or 6 n D H for a SwiGLU.
 *
 * @param options The transformer.
 * @param side Side of the image in pixels.
 */
export function forwardFlops(
  options: VisionTransformerOptions,
  side: number,
  { kept = [] }: ForwardFlopsOptions = {},
): number {
  const resolved = resolveOptions(options);
  const { patchSize, inChans, embedDim, depth, mlpRatio, ffnLayer, numRegisterTokens } = resolved;
  const patches = (side / patchSize) ** 2;
  const tokens = 1 + numRegisterTokens + patches;
  const hidden = Math.trunc(embedDim * mlpRatio);
  const attention = 8 * tokens * embedDim ** 2 + 4 * tokens ** 2 * embedDim;
  const feedForward = ffnLayer === "mlp"
    ? 4 * tokens * embedDim * hidden
    : 6 * tokens * embedDim * swiGluHidden(hidden);
  const blocks = Array.from({ length: depth }, (_, i) => kept[i] ?? 1)
    .reduce((sum, share) => sum + share * (attention + feedForward), 0);
  return 2 * patches * embedDim * inChans * patchSize ** 2 + blocks;
}
