import { cat } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { MaskBatch } from "./mask_batch.ts";
import type { Network } from "./network.ts";

/** Scores of class tokens, and of masked patches. */
export interface Scores {
  /** `[C, K]`. */
  cls: Tensor;
  /** `[P, K]`; null without masks. */
  patches: Tensor | null;
}

/**
 * Scores tokens over prototypes: in one pass through a shared head, or one through each.
 *
 * @param cls Class tokens `[C, D]`.
 * @param features Patch tokens of the global crops, `[2B, N, D]`.
 * @param masks Which of them are masked. The heads see them padded to their upper bound; the scores come without.
 */
export function project(
  network: Network,
  cls: Tensor,
  features: Tensor,
  masks: MaskBatch | null,
): Scores {
  const { dinoHead, ibotHead } = network;
  if (masks === null) return { cls: dinoHead.forward(cls), patches: null };
  const patches = maskedTokens(features, masks);
  if (ibotHead !== null) {
    const scores = ibotHead.forward(patches).narrow(0, 0, masks.count); // [P, K]
    return { cls: dinoHead.forward(cls), patches: scores };
  }
  const scores = dinoHead.forward(cat([cls, patches], 0));
  const [ofCls, ofPatches] = scores.narrow(0, 0, cls.shape[0] + masks.count)
    .split([cls.shape[0], masks.count], 0);
  return { cls: ofCls, patches: ofPatches };
}

/** The tokens of the masked patches, padded to the upper bound, `[U, D]`. */
function maskedTokens(patches: Tensor, { indices }: MaskBatch): Tensor {
  return patches.flatten(0, 1).indexSelect(0, indices);
}
