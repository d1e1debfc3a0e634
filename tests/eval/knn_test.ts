import { assertEquals, assertThrows } from "@std/assert";
import { knn } from "../../src/eval/knn.ts";
import type { LabelledFeatures } from "../../src/features/labelled_features.ts";
import { normalize } from "../../src/nn/functional.ts";
import { tensor } from "../../src/tensor/create.ts";
import { testTensor } from "../helpers.ts";
import { features, randomFeatures } from "./random_features.ts";

/** Random unit vectors around one random centre for each class. */
function randomSet(name: string, size: number, classes: number): LabelledFeatures {
  const { features, labels } = randomFeatures(name, { size, classes });
  return { features: normalize(features), labels };
}

/** The protocol image by image in double precision: how many are right at the first and in the first five places. */
function direct(
  train: LabelledFeatures,
  queries: LabelledFeatures,
  k: number,
  { ks, temperature = 0.07 }: { ks: number[]; temperature?: number },
): [number, number] {
  const rows = train.features.toList() as number[][];
  const counts: [number, number] = [0, 0];
  for (const [q, row] of (queries.features.toList() as number[][]).entries()) {
    const nearest = rows
      .map((other, i) => ({
        label: train.labels[i],
        similarity: other.reduce((sum, value, j) => sum + value * row[j], 0),
      }))
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, Math.max(...ks));
    const scores = new Map<number, number>();
    for (const { label, similarity } of nearest.slice(0, k)) {
      const weight = Math.exp((similarity - nearest[0].similarity) / temperature);
      scores.set(label, (scores.get(label) ?? 0) + weight);
    }
    const own = scores.get(queries.labels[q]) ?? 0;
    const classes = 1 + Math.max(...train.labels, ...queries.labels);
    const rank = Array.from({ length: classes }, (_, label) => label).filter((label) => {
      const score = scores.get(label) ?? 0;
      return score > own || (score === own && label < queries.labels[q]);
    }).length;
    if (rank < 1) counts[0]++;
    if (rank < 5) counts[1]++;
  }
  return counts;
}

testTensor("votes on random features equal those of a direct computation to the last", () => {
  const [train, queries] = [randomSet("train", 700, 12), randomSet("val", 150, 12)];
  const ks = [1, 10, 20, 100, 200];
  const counts = knn(train, queries, { ks });
  for (const { k, top1, top5 } of counts) {
    const [first, firstFive] = direct(train, queries, k, { ks });
    assertEquals([top1, top5], [first, k < 5 ? undefined : firstFive], `k = ${k}`);
  }
  assertEquals(counts.map(({ total }) => total), [150, 150, 150, 150, 150]);
});

testTensor(
  "the temperature and the largest k enter the weights as in the direct computation",
  () => {
    const [train, queries] = [randomSet("train", 300, 8), randomSet("val", 80, 8)];
    const results = [1, 0.5, 0.02].map((temperature) => {
      const [{ top1, top5 }] = knn(train, queries, { ks: [30], temperature });
      assertEquals([top1, top5], direct(train, queries, 30, { ks: [30], temperature }));
      return top1;
    });
    assertEquals(new Set(results).size > 1, true, "the temperature changed no vote");
  },
);

testTensor("votes do not depend on how many images are classified at a time", () => {
  const [train, queries] = [randomSet("train", 300, 7), randomSet("val", 101, 7)];
  const whole = knn(train, queries, { blockSize: 1000 });
  for (const blockSize of [1, 7, 50, 101]) assertEquals(knn(train, queries, { blockSize }), whole);
  assertEquals(knn(train, queries), whole);
});

testTensor("two near neighbours outvote one nearer neighbour, alone they do not", () => {
  const angle = (degrees: number) => [
    Math.cos(degrees * Math.PI / 180),
    Math.sin(degrees * Math.PI / 180),
  ];
  const train = features([angle(5), angle(-10), angle(10), angle(90)], [0, 1, 1, 2]);
  const queries = features([angle(0)], [1]);
  const counts = knn(train, queries, { ks: [1, 2, 3] });
  assertEquals(counts.map(({ top1 }) => top1), [0, 0, 1]);
});

testTensor("fewer images than neighbours are all asked", () => {
  const train = features([[1, 0], [0, 1], [0, -1]], [0, 1, 1]);
  const counts = knn(train, features([[1, 0], [0, 1]], [0, 1]));
  assertEquals(counts.map(({ k, top1 }) => [k, top1]), [[3, 2], [3, 2], [3, 2], [3, 2]]);
});

testTensor("of classes with equal votes the lower index comes first", () => {
  const train = features([[1, 0], [1, 0]], [1, 2]);
  const top1 = (label: number) => knn(train, features([[1, 0]], [label]), { ks: [2] })[0].top1;
  assertEquals([top1(1), top1(2), top1(0)], [1, 0, 0]);
});

testTensor("what fewer than five neighbours vote for has no first five", () => {
  const train = features([1, 0.9, 0.8, 0.7, 0.6, 0.5].map((x) => [x, 0]), [0, 1, 2, 3, 4, 5]);
  const queries = features([[1, 0], [1, 0]], [4, 5]);
  const [four, five, six, most] = knn(train, queries, { ks: [4, 5, 6, 500] });
  assertEquals(["top5" in four, five.top5, six.top5], [false, 1, 1]);
  assertEquals([most.k, most.top5], [6, 1], "no more neighbours vote than there are");
  const [{ k, ...few }] = knn(features([[1, 0]], [0]), queries, { ks: [20] });
  assertEquals([k, "top5" in few], [1, false]);
});

testTensor("the votes' temperature is 0.07 unless another is given", () => {
  // One image at a cosine of 1 against three at 0.915: exp(0.085 / 0.07) = 3.4, exp(0.085 / 0.1) = 2.3.
  const far = [0.915, Math.sqrt(1 - 0.915 ** 2)];
  const train = features([[1, 0], far, far, far], [0, 1, 1, 1]);
  const query = features([[1, 0]], [0]);
  const top1 = (temperature?: number) => knn(train, query, { ks: [4], temperature })[0].top1;
  assertEquals([top1(), top1(0.07), top1(0.1)], [1, 1, 0]);
});

testTensor("features of NaN or infinity are refused", () => {
  const set = features([[1, 0], [0, 1]], [0, 1]);
  for (const value of [NaN, Infinity]) {
    const bad = features([[1, 0], [value, 1]], [0, 1]);
    for (const pair of [[bad, set], [set, bad]] as const) {
      assertThrows(() => knn(...pair), RangeError, "features that hold NaN or infinity");
    }
  }
});

testTensor("similarities that overflow make no image right", () => {
  const huge = features([[1e30, -1e30], [1e30, 1e30]], [0, 1]);
  assertEquals(knn(huge, huge, { ks: [1, 2] }).map(({ top1 }) => top1), [0, 0]);
});

testTensor("a class that no training image has is never right", () => {
  const train = features(Array(5).fill([1, 0]), [0, 1, 2, 3, 4]);
  const [{ top1, top5 }] = knn(train, features([[1, 0]], [9]), { ks: [5] });
  assertEquals([top1, top5], [0, 0]);
});

testTensor("sets and options that make no sense are refused", () => {
  const set = features([[1, 0]], [0]);
  const empty = { features: tensor([], { shape: [0, 2] }), labels: new Uint32Array() };
  assertThrows(() => knn(empty, set), RangeError, "a set without images");
  assertThrows(() => knn(set, empty), RangeError, "a set without images");
  assertThrows(() => knn(set, set, { ks: [0] }), RangeError, "[0] neighbours");
  assertThrows(() => knn(set, set, { ks: [] }), RangeError, "[] neighbours");
  assertThrows(() => knn(set, set, { temperature: 0 }), RangeError, "at temperature 0");
  const odd = { ...set, labels: Uint32Array.of(0, 1) };
  assertThrows(() => knn(odd, set), RangeError, "Cannot pair 1 features with 2 labels");
});
