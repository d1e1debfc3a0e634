import { type Accuracy, Z_95 } from "./accuracy.ts";
import type { LabelledFeatures } from "../features/labelled_features.ts";
import { averagePrecisions } from "./retrieval.ts";

/** The outcome of {@linkcode evaluateRetrieval}. */
export interface RetrievalResult {
  /** Mean average precision, with the interval that the spread over queries gives it. */
  readonly meanAveragePrecision: Accuracy;
  /** Queries that count. */
  readonly queries: number;
  /** Queries without any image of their class to find, which do not count. */
  readonly leftOut: number;
}

/**
 * Evaluates features by retrieval: each query's average precision at finding the images of its class among all others by
 * cosine similarity, and the mean over queries.
 *
 * @param queries The images to ask with, with features of length 1.
 * @param database The images to find, likewise. Default: the queries themselves, each asking for the others.
 * @throws {RangeError} If a set is empty, or no query has an image of its class to find.
 */
export function evaluateRetrieval(
  queries: LabelledFeatures,
  database: LabelledFeatures = queries,
): RetrievalResult {
  const all = averagePrecisions(queries, database);
  const found = all.filter((precision) => !Number.isNaN(precision));
  if (found.length === 0) {
    throw new RangeError(
      "Cannot evaluate retrieval: no query has another image of its class. Give more images",
    );
  }
  const mean = found.reduce((sum, precision) => sum + precision, 0) / found.length;
  const squares = found.reduce((sum, precision) => sum + (precision - mean) ** 2, 0);
  const error = Z_95 * Math.sqrt(squares) / found.length;
  return {
    meanAveragePrecision: {
      percent: 100 * mean,
      interval: [100 * Math.max(0, mean - error), 100 * Math.min(1, mean + error)],
    },
    queries: found.length,
    leftOut: all.length - found.length,
  };
}
