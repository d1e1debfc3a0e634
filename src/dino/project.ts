import { cat } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { DinoHead } from "./head.ts";
import type { MaskBatch } from "./mask_batch.ts";
import type { Network } from "./network.ts";

/** What heads make of tokens. */
interface Projected {
  /** Of the class tokens, `[C, …]`. */
  cls: Tensor;
  /** Of the predicted patches, `[P, …]`; null without any. */
  patches: Tensor | null;
}

/** Tokens of crops: a class token for each, and their patches. */
interface Tokens {
  /** `[C, D]`. */
  cls: Tensor;
  /** Of the global crops, `[2B, N, D]`. */
  patches: Tensor;
}

/**
 * The logits of tokens over the prototypes, `[C, K]` and `[P, K]`: in one pass through a shared head, or one through each.
 *
 * @param masks Which patches are predicted. The heads see them padded to their upper bound; the logits come without.
 */
export function project(network: Network, tokens: Tokens, masks: MaskBatch | null): Projected {
  return throughHeads(network, tokens, masks, (head, x) => head.forward(x));
}

/** The same up to the bottlenecks, `[C, E]` and `[P, E]`: small, and a linear layer away from the logits. */
export function embed(network: Network, tokens: Tokens, masks: MaskBatch | null): Projected {
  return throughHeads(network, tokens, masks, (head, x) => head.embed(x));
}

function throughHeads(
  { dinoHead, ibotHead }: Network,
  { cls, patches }: Tokens,
  masks: MaskBatch | null,
  run: (head: DinoHead, x: Tensor) => Tensor,
): Projected {
  if (masks === null) return { cls: run(dinoHead, cls), patches: null };
  const padded = patches.flatten(0, 1).indexSelect(0, masks.indices); // [U, D]
  if (ibotHead !== null) {
    return { patches: run(ibotHead, padded).narrow(0, 0, masks.count), cls: run(dinoHead, cls) };
  }
  const sizes = [cls.shape[0], masks.count];
  const [ofCls, ofPatches] = run(dinoHead, cat([cls, padded], 0))
    .narrow(0, 0, sizes[0] + sizes[1])
    .split(sizes, 0);
  return { cls: ofCls, patches: ofPatches };
}
