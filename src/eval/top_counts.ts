import { arange, stack } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** How many images were classified correctly. */
export interface TopCounts {
  /** Images whose class came first. */
  readonly top1: number;
  /** Images whose class is among the first five. */
  readonly top5: number;
}

const PLACES = [1, 5];

/**
 * Counts correct answers of several classifiers. Of classes with equal scores the one with the lower index comes first.
 *
 * @param scores What each of J classifiers gives each class, `[B, J, C]`.
 * @param labels The images' own classes, `[B]`, int64.
 * @returns Correct answers at the first and in the first five places, `[J, 2]`, int64.
 */
export function countTop(scores: Tensor, labels: Tensor): Tensor {
  const [length, classifiers, classes] = scores.shape;
  const own = labels.reshape([length, 1, 1]).expand([length, classifiers, 1]);
  const ownScore = scores.gather(2, own);
  const indices = arange(classes, { device: scores.device });
  const before = scores.eq(ownScore).logicalAnd(indices.lt(own));
  const ranks = scores.gt(ownScore).sum(2).add(before.sum(2)); // [B, J]
  return stack(PLACES.map((places) => ranks.lt(places).sum(0)), 1);
}

/** Reads what {@linkcode countTop} counted. Waits for the device. */
export function readCounts(counts: Tensor): TopCounts[] {
  return (counts.toList() as number[][]).map(([top1, top5]) => ({ top1, top5 }));
}
