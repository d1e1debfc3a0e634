import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import {
  evaluateFewShot,
  type FewShotOptions,
  nameFewShotAccuracies,
} from "../../src/eval/evaluate_few_shot.ts";
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
  for (const [i, { top1, top5, meanPerClass }] of expected.entries()) {
    assertAlmostEquals(found[i].meanPerClass, meanPerClass, 1e-9);
    assertEquals(found[i].top1.percent, top1.percent);
    assertEquals(found[i].top5?.interval, top5?.interval);
  }
});

testTensor("the first five of neighbours have a standard deviation of their own", () => {
  const train = randomFeatures("train", { size: 150, ...shape, classes: 9 });
  const val = randomFeatures("val", { size: 60, ...shape, classes: 9 });
  const evaluate = (nTries: number) =>
    evaluateFewShot(train, val, { nPerClassList: [5], nTries, classifiers: ["knn"] })[0];
  const [one, two] = [evaluate(1), evaluate(2)];
  for (const place of ["top1", "top5"] as const) {
    const second = 2 * two[place]!.percent - one[place]!.percent;
    const distance = Math.abs(second - one[place]!.percent);
    assertAlmostEquals(two[place]!.std, distance / Math.SQRT2, 1e-9);
  }
  assert(two.top1.std !== two.top5!.std, "both vary alike");
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
  const train = { features, labels: Uint32Array.of(0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 6) };
  const options = { nPerClassList: [2, 5, 50, 60], nTries: 1, classifiers: ["knn"] } as const;
  const results = evaluateFewShot(train, train, options);
  assertEquals(
    results.map(({ perClass, images, top5 }) => [perClass, images, top5 !== undefined]),
    [[2, 7, false], [5, 11, true], [6, 12, true]],
  );
});

testTensor(
  "unless told otherwise 1, 2, 5 and 10 examples classify five times by both, C = 1",
  () => {
    const train = randomFeatures("train", { size: 90, ...shape, classes: 2 });
    const val = randomFeatures("val", { size: 20, ...shape, classes: 2 });
    let total = 0;
    const results = evaluateFewShot(train, val, { onProgress: (_, all) => total = all });
    assertEquals([results.length, total], [2 * 4, 4 * 5]);
    assertEquals(results.map(({ perClass }) => perClass), [1, 1, 2, 2, 5, 5, 10, 10]);
  },
);

testTensor("temperature and penalty are those asked for", () => {
  const train = randomFeatures("train", { size: 150, ...shape, spread: 0.3 });
  const val = randomFeatures("val", { size: 60, ...shape, spread: 0.3 });
  const base = { nPerClassList: [10], nTries: 2 } as const;
  const percents = (options: FewShotOptions) =>
    evaluateFewShot(train, val, { ...base, ...options }).map(({ top1 }) => top1.percent);
  const [knn, logreg] = percents({});
  assertEquals(percents({ temperature: 0.07, c: 1 }), [knn, logreg]);
  const other = percents({ temperature: 100, c: 1e-4 });
  assertNotEquals([other[0], other[1]], [knn, logreg]);
  assertNotEquals(other[0], knn);
  assertNotEquals(other[1], logreg);
  assertNotEquals(percents({ c: 10, classifiers: ["logreg"] }), [logreg]);
});

Deno.test("each accuracy has its own interval and deviation, by the reference's names", () => {
  const top1 = { percent: 60, interval: [50, 70], std: 3 } as const;
  const top5 = { percent: 90, interval: [85, 95], std: 1 } as const;
  const result = { classifier: "knn", perClass: 5, images: 30, meanPerClass: 40 } as const;
  assertEquals(nameFewShotAccuracies([{ ...result, top1, top5 }]), {
    metrics: {
      "('5 per class', 'knn') Top 1": 60,
      "('5 per class', 'knn') Top 5": 90,
      "('5 per class', 'knn') Mean per class": 40,
    },
    intervals: {
      "('5 per class', 'knn') Top 1": [50, 70],
      "('5 per class', 'knn') Top 5": [85, 95],
    },
    deviations: { "('5 per class', 'knn') Top 1": 3, "('5 per class', 'knn') Top 5": 1 },
  });
  assertEquals(nameFewShotAccuracies([{ ...result, top1 }]).deviations, {
    "('5 per class', 'knn') Top 1": 3,
  });
});
