import { noGradScope } from "../autograd/mode.ts";
import { allFinite } from "../features/finite_features.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** An image near to another. */
export interface Neighbour {
  /** Its row among the features searched. */
  readonly index: number;
  /** The dot product of the two features: their cosine when both have length 1. */
  readonly similarity: number;
}

/** Options of {@linkcode nearestNeighbours}. */
export interface NeighbourOptions {
  /** How many for each query. Default: 5. */
  count?: number;
  /** For each query the row that is the query itself, if there is one: it is skipped. */
  self?: readonly (number | undefined)[];
}

/**
 * Finds the features most similar to each query, the nearest first.
 *
 * @param queries `[m, D]`.
 * @param features `[n, D]`, on the same device.
 * @throws {RangeError} If there are fewer features than neighbours asked for, or similarities are not finite.
 */
export function nearestNeighbours(
  queries: Tensor,
  features: Tensor,
  options: NeighbourOptions = {},
): Neighbour[][] {
  const { count = 5, self = [] } = options;
  const passed = self.some((row) => row !== undefined) ? 1 : 0;
  const others = features.shape[0] - passed;
  if (!Number.isInteger(count) || count < 1 || count > others) {
    throw new RangeError(
      `Cannot find ${count} neighbours among ${others} ${passed ? "other " : ""}images: ` +
        (others < 1 ? "give more images" : `ask for 1 to ${others}`),
    );
  }
  return noGradScope(() => {
    const { values, indices } = queries.matmul(features.t()).topk(count + passed); // [m, k], NaN first
    if (!allFinite(values)) {
      throw new RangeError("Cannot compare features whose similarities are NaN or infinite");
    }
    const similarities = values.toList() as number[][];
    const rows = indices.toList() as number[][];
    return rows.map((row, query) =>
      row.map((index, i): Neighbour => ({ index, similarity: similarities[query][i] }))
        .filter(({ index }) => index !== self[query])
        .slice(0, count)
    );
  });
}
