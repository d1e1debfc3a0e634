import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { evaluateFewShot, nameFewShotAccuracies } from "../../src/eval/evaluate_few_shot.ts";
import { evaluateKnn } from "../../src/eval/evaluate_knn.ts";
import { normalize } from "../../src/nn/functional.ts";
import { testTensor } from "../helpers.ts";
import { randomFeatures } from "./random_features.ts";

const shape = { classes: 6, width: 8, spread: 1 };

testTensor("neighbours vote as in k-NN with so many images per class", () => {
  const train = randomFeatures("train", { size: 150, ...shape });
  const val = randomFeatures("val", { size: 60, ...shape });
  const options = { nPerClassList: [2, 4], nTries: 3 };
  const found = evaluateFewShot(train, val, { ...options, classifiers: ["knn"] });
  const [a, b] = [train, val].map((set) => ({ ...set, features: normalize(set.features) }));
  const expected = evaluateKnn(a, b, { nbKnn: [1], ...options })
    .filter(({ setting, k }) => setting === `${k} per class`);
  assertEquals(found.map(({ perClass }) => perClass), [2, 4]);
  for (const [i, { top1, top5 }] of expected.entries()) {
    assertEquals(found[i].top1.percent, top1.percent);
    assertEquals(found[i].top5?.interval, top5?.interval);
  }
});

testTensor("mean and deviation are those of the tries one by one", () => {
  const train = randomFeatures("train", { size: 150, ...shape });
  const val = randomFeatures("val", { size: 60, ...shape });
  const evaluate = (nTries: number) =>
    evaluateFewShot(train, val, { nPerClassList: [1], nTries, classifiers: ["logreg"] })[0].top1;
  const [one, two] = [evaluate(1), evaluate(2)];
  const second = 2 * two.percent - one.percent;
  assertEquals(one.std, 0);
  assert(second !== one.percent, "the second try drew the same images");
  assertAlmostEquals(two.std, Math.abs(second - one.percent) / Math.SQRT2, 1e-9);
});

testTensor("more examples help, and every number is by name", () => {
  const train = randomFeatures("train", { size: 300, ...shape });
  const val = randomFeatures("val", { size: 100, ...shape });
  const seen: number[][] = [];
  const results = evaluateFewShot(train, val, {
    nPerClassList: [1, 20],
    nTries: 2,
    onProgress: (...done) => seen.push(done),
  });
  assertEquals(seen, [[1, 4], [2, 4], [3, 4], [4, 4]]);
  const { metrics, intervals, deviations } = nameFewShotAccuracies(results);
  for (const classifier of ["knn", "logreg"]) {
    const [few, many] = [1, 20].map((n) => `('${n} per class', '${classifier}') Top 1`);
    assert(metrics[many] > metrics[few], `${metrics[few]} % with 1, ${metrics[many]} % with 20`);
    assert(intervals[many][0] < metrics[many] && deviations[few] >= 0);
  }
});

testTensor("examples that make no sense are refused", () => {
  const set = randomFeatures("train", { size: 12, ...shape });
  assertThrows(() => evaluateFewShot(set, set, { nPerClassList: [0] }), RangeError, "[0] images");
  assertThrows(() => evaluateFewShot(set, set, { nTries: 0 }), RangeError, "0 times");
});

testTensor("features of NaN are refused by every classifier", () => {
  const set = randomFeatures("train", { size: 12, ...shape });
  const bad = { ...set, features: set.features.clone() };
  bad.features.narrow(0, 5, 1).fill_(NaN);
  for (const classifiers of [["knn"], ["logreg"]] as const) {
    for (const [train, val] of [[bad, set], [set, bad]]) {
      const evaluate = () => evaluateFewShot(train, val, { classifiers });
      assertThrows(evaluate, RangeError, "NaN or infinity");
    }
  }
});

testTensor("numbers beyond the largest class are lowered to it, and told as used", () => {
  const { features } = randomFeatures("train", { size: 12, ...shape });
  const train = { features, labels: Uint32Array.of(0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2) };
  const options = { nPerClassList: [2, 5, 50, 60], nTries: 1, classifiers: ["knn"] } as const;
  const results = evaluateFewShot(train, train, options);
  assertEquals(
    results.map(({ perClass, images, top5 }) => [perClass, images, top5 !== undefined]),
    [[2, 6, false], [5, 11, true], [6, 12, true]],
  );
});
