import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";

/**
 * The teacher's logits of a batch in parts (its micro-batches), each `[n, K]`. A part may be computed whenever it is asked for: those of a
 * large batch would not fit memory together.
 */
export type LogitParts = readonly (() => Tensor)[];

/** Makes probabilities from the teacher's logits. */
export interface TargetMaker {
  /**
   * Looks at all of a batch.
   *
   * @param parts Its logits.
   * @param temperature The teacher's temperature.
   * @returns What turns the logits of a part into targets, `[n, K]` to `[n, K]`; each row sums to 1.
   */
  fit(parts: LogitParts, temperature: number): (logits: Tensor) => Tensor;
}

/** The sum of what `measure` gives for every part. One part is in memory at a time. */
export function sumOverParts(parts: LogitParts, measure: (logits: Tensor) => Tensor): Tensor {
  return overParts(parts, measure, (sum, each) => sum.add(each));
}

/** The greatest of what `measure` gives for every part, element by element. */
export function maxOverParts(parts: LogitParts, measure: (logits: Tensor) => Tensor): Tensor {
  return overParts(parts, measure, (greatest, each) => greatest.maximum(each));
}

function overParts(
  parts: LogitParts,
  measure: (logits: Tensor) => Tensor,
  combine: (all: Tensor, each: Tensor) => Tensor,
): Tensor {
  return scope(() => parts.map((part) => scope(() => measure(part()))).reduce(combine));
}
