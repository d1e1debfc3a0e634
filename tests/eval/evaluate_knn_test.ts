import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { accuracy } from "../../src/eval/accuracy.ts";
import { evaluateKnn, nameKnnAccuracies } from "../../src/eval/evaluate_knn.ts";
import { fewShotSubset } from "../../src/eval/few_shot.ts";
import { knn } from "../../src/eval/knn.ts";
import { type LabelledFeatures, selectImages } from "../../src/features/labelled_features.ts";
import { Generator, randn } from "../../src/tensor/random.ts";
import { testTensor } from "../helpers.ts";

function randomSet(seed: number, size: number): LabelledFeatures {
  const features = randn([size, 8], { generator: new Generator(seed) });
  return {
    features: features.div(features.norm({ dim: 1, keepdim: true })),
    labels: Uint32Array.from({ length: size }, (_, i) => i % 6),
  };
}

testTensor("results carry the reference's keys, in percent", () => {
  const [train, val] = [randomSet(0, 120), randomSet(1, 50)];
  const { metrics, intervals } = nameKnnAccuracies(evaluateKnn(train, val, { nbKnn: [10, 20] }));
  assertEquals(Object.keys(metrics), [
    "('full', 10) Top 1",
    "('full', 10) Top 5",
    "('full', 10) Mean per class",
    "('full', 20) Top 1",
    "('full', 20) Top 5",
    "('full', 20) Mean per class",
  ]);
  assertEquals(Object.keys(intervals).length, 4);
  const [{ top1 }] = knn(train, val, { ks: [10, 20] });
  assertEquals(metrics["('full', 10) Top 1"], 100 * top1 / 50);
  assertEquals(intervals["('full', 10) Top 1"], accuracy(top1, 50).interval);
});

testTensor(
  "with n images per class at most n neighbours vote, and n itself is among the numbers, which rise",
  () => {
    const [train, val] = [randomSet(0, 120), randomSet(1, 50)];
    const results = evaluateKnn(train, val, { nbKnn: [4, 3, 10], nPerClassList: [5], nTries: 2 });
    const settings = results.map(({ setting, k }) => `${setting} ${k}`);
    assertEquals(settings.slice(0, 3), ["full 4", "full 3", "full 10"]);
    assertEquals(settings.slice(3), [3, 4, 5].map((k) => `5 per class ${k}`));
  },
);

testTensor("numbers beyond what there is are lowered to it, and told as used", () => {
  const [train, val] = [randomSet(0, 30), randomSet(1, 50)]; // five images of each of six classes
  const options = { nbKnn: [20, 100, 500], nPerClassList: [5, 8, 100] };
  const results = evaluateKnn(train, val, options);
  assertEquals(results.map(({ setting, images, k }) => [setting, images, k]), [
    ["full", 30, 20],
    ["full", 30, 30],
    ["5 per class", 30, 5],
  ]);
  const uneven = { ...train, labels: Uint32Array.from(train.labels).fill(0, 0, 6) };
  const [, , subset] = evaluateKnn(uneven, val, { nbKnn: [1, 2], nPerClassList: [7] });
  assertEquals([subset.setting, subset.images], ["7 per class", 27], "smaller classes give all");
});

testTensor("by default 10, 20, 100 and 200 neighbours vote", () => {
  const results = evaluateKnn(randomSet(0, 300), randomSet(1, 20));
  assertEquals(results.map(({ k }) => k), [10, 20, 100, 200]);
});

testTensor("tries are averaged", () => {
  const [train, val] = [randomSet(0, 120), randomSet(1, 50)];
  const percent = (nTries: number) =>
    evaluateKnn(train, val, { nbKnn: [1], nPerClassList: [2], nTries })
      .find(({ setting, k }) => setting === "2 per class" && k === 1)!.top1.percent;
  const [one, two] = [percent(1), percent(2)];
  assert(one !== two, "the second try drew the same images");
  const uneven = { ...val, labels: Uint32Array.from(val.labels, (label) => label < 2 ? label : 2) };
  const means = [0, 1].map((seed) => {
    const subset = selectImages(train, fewShotSubset(train.labels, 2, seed));
    return 100 * knn(subset, uneven, { ks: [1, 2] })[0].meanPerClass;
  });
  const result = evaluateKnn(train, uneven, { nbKnn: [1], nPerClassList: [2], nTries: 2 })[1];
  assertAlmostEquals(result.meanPerClass, (means[0] + means[1]) / 2, 1e-9);
  assert(Math.abs(result.meanPerClass - result.top1.percent) > 1, "classes are of one size");
  assertAlmostEquals((2 * two - one) % 2, 0, 1e-9); // the second alone is a number of images out of 50
});

testTensor("subsets that make no sense are refused", () => {
  const set = randomSet(0, 12);
  assertThrows(() => evaluateKnn(set, set, { nPerClassList: [0] }), RangeError, "[0] images");
  assertThrows(() => evaluateKnn(set, set, { nTries: 0 }), RangeError, "0 times");
});

testTensor("unless told otherwise one subset is drawn of each size", () => {
  const [train, val] = [randomSet(0, 120), randomSet(1, 50)];
  const options = { nbKnn: [1], nPerClassList: [2] };
  const one = evaluateKnn(train, val, { ...options, nTries: 1 });
  assertEquals(evaluateKnn(train, val, options), one);
  assertNotEquals(evaluateKnn(train, val, { ...options, nTries: 2 }), one);
});

testTensor("the temperature reaches the votes, of all images and of subsets", () => {
  const [train, val] = [randomSet(0, 120), randomSet(1, 50)];
  const at = (temperature?: number) =>
    evaluateKnn(train, val, { nbKnn: [30], nPerClassList: [15], temperature })
      .map(({ top1 }) => top1.percent);
  assertEquals(at(), at(0.07));
  at(5).forEach((percent, i) => assertNotEquals(percent, at(0.005)[i]));
});
