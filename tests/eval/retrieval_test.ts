import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { evaluateRetrieval } from "../../src/eval/evaluate_retrieval.ts";
import type { LabelledFeatures } from "../../src/features/labelled_features.ts";
import { averagePrecisions } from "../../src/eval/retrieval.ts";
import { normalize } from "../../src/nn/functional.ts";
import { assertClose, testTensor } from "../helpers.ts";
import { features, randomFeatures } from "./random_features.ts";

function randomSet(name: string, size: number): LabelledFeatures {
  const { features, labels } = randomFeatures(name, { size, classes: 5, width: 4 });
  return { features: normalize(features), labels };
}

/** The definition, image by image: precision among all that are at least as similar, averaged over what is relevant. */
function direct(queries: LabelledFeatures, database: LabelledFeatures): number[] {
  const rows = database.features.toList() as number[][];
  return (queries.features.toList() as number[][]).map((row, q) => {
    const others = rows
      .map((other, i) => ({
        i,
        isRelevant: database.labels[i] === queries.labels[q],
        similarity: other.reduce((sum, value, j) => sum + value * row[j], 0),
      }))
      .filter(({ i }) => queries !== database || i !== q);
    const relevant = others.filter(({ isRelevant }) => isRelevant);
    const precisions = relevant.map(({ similarity }) => {
      const seen = others.filter((other) => other.similarity >= similarity);
      return seen.filter(({ isRelevant }) => isRelevant).length / seen.length;
    });
    return precisions.reduce((a, b) => a + b, 0) / precisions.length;
  });
}

testTensor("a query that finds its images first and third scores (1 + 2/3) / 2", () => {
  const database = features([[1, 0], [0.9, 0], [0.8, 0], [0.7, 0]], [0, 1, 0, 1]);
  const [precision] = averagePrecisions(features([[1, 0]], [0]), database);
  assertAlmostEquals(precision, (1 + 2 / 3) / 2, 1e-12);
});

testTensor("images of equal similarity are found together, whatever their order", () => {
  const query = features([[1, 0]], [0]);
  for (const labels of [[0, 1, 1, 0], [1, 1, 0, 0], [1, 0, 1, 0]]) {
    const database = features([[1, 0], [1, 0], [1, 0], [0, 1]], labels);
    assertAlmostEquals(averagePrecisions(query, database)[0], (1 / 3 + 2 / 4) / 2, 1e-12);
  }
});

testTensor("average precisions equal those of a direct computation", () => {
  const [queries, database] = [randomSet("queries", 40), randomSet("database", 130)];
  assertClose(Array.from(averagePrecisions(queries, database)), direct(queries, database), {
    atol: 1e-12,
  });
});

testTensor("in a set that asks itself no image finds itself", () => {
  const set = randomSet("database", 60);
  assertClose(Array.from(averagePrecisions(set, set)), direct(set, set), { atol: 1e-12 });
});

testTensor("precisions do not depend on how many queries are answered at a time", () => {
  const set = randomSet("database", 61);
  const whole = averagePrecisions(set, set, { blockSize: 100 });
  for (const blockSize of [1, 7, 60]) {
    assertEquals(averagePrecisions(set, set, { blockSize }), whole);
  }
});

testTensor("the mean is over queries that have something to find", () => {
  const database = features([[1, 0], [0, 1]], [0, 1]);
  const queries = features([[1, 0], [1, 0], [1, 0]], [0, 1, 7]);
  const { meanAveragePrecision, ...counts } = evaluateRetrieval(queries, database);
  assertEquals(counts, { queries: 2, leftOut: 1 });
  assertAlmostEquals(meanAveragePrecision.percent, 75, 1e-9);
  const [low, high] = meanAveragePrecision.interval;
  assertAlmostEquals(low, 75 - 196 * 0.25 / Math.sqrt(2), 0.01); // the deviation is 0.25
  assertEquals(high, 100);
});

testTensor("sets without anything to find are refused", () => {
  const set = features([[1, 0], [0, 1]], [0, 1]);
  assertThrows(() => evaluateRetrieval(set), RangeError, "no query has another image of its class");
  const wide = features([[1, 0, 0]], [0]);
  assertThrows(() => evaluateRetrieval(set, wide), RangeError, "of 2 and 3 numbers");
});

testTensor("NaN is found by no query", () => {
  const set = features([[1, 0], [0, 1], [1, 1]], [0, 1, 0]);
  const bad = features([[1, 0], [NaN, 1]], [0, 1]);
  assertThrows(() => averagePrecisions(set, bad), RangeError, "NaN or infinity");
  assertThrows(() => averagePrecisions(bad, set), RangeError, "NaN or infinity");
  const huge = features([[1e30, -1e30], [1e30, 1e30]], [0, 0]);
  assertThrows(() => averagePrecisions(huge, huge), RangeError, "Cannot rank similarities");
  const alone = features([[1, 0]], [0]);
  assertThrows(
    () => evaluateRetrieval(alone),
    RangeError,
    "no query has another image of its class",
  );
});
