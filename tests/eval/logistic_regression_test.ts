import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { LabelledFeatures } from "../../src/features/labelled_features.ts";
import { countCorrect } from "../../src/eval/linear_classifier.ts";
import { LogisticRegression } from "../../src/eval/logistic_regression.ts";
import { scope } from "../../src/tensor/scope.ts";
import { tensor } from "../../src/tensor/create.ts";
import { assertClose, filled, testTensor } from "../helpers.ts";
import { features, randomFeatures } from "./random_features.ts";

/** The loss computed image by image. */
function direct(
  { features, labels }: LabelledFeatures,
  { weight, bias }: { weight: number[][]; bias: number[] },
  c: number,
): number {
  const rows = features.toList() as number[][];
  const losses = rows.map((row, i) => {
    const scores = weight.map((w, k) => w.reduce((sum, value, j) => sum + value * row[j], bias[k]));
    const top = Math.max(...scores);
    const total = scores.reduce((sum, score) => sum + Math.exp(score - top), 0);
    return top + Math.log(total) - scores[labels[i]];
  });
  const squares = weight.flat().reduce((sum, value) => sum + value ** 2, 0);
  return losses.reduce((sum, loss) => sum + loss, 0) / rows.length +
    squares / (2 * c * rows.length);
}

testTensor("two images on a line are parted by the weight that solves the equation", () => {
  const c = 3;
  using regression = new LogisticRegression(features([[4], [6]], [0, 1]), 2);
  const { weight, bias, loss } = regression.fit(c);
  // By symmetry the weights are -w and w and the scores' difference is 0 at 5: the loss is
  // log(1 + exp(-2 w)) + w² / (2 c), and its derivative 0.
  const [[low], [w]] = weight.toList() as number[][];
  assertAlmostEquals(low, -w, 1e-9);
  assertAlmostEquals(w / c, 2 / (1 + Math.exp(2 * w)), 1e-8);
  assertAlmostEquals(loss, Math.log(1 + Math.exp(-2 * w)) + w ** 2 / (2 * c), 1e-12);
  const [b0, b1] = bias.toList() as number[];
  assertAlmostEquals(b0 + 5 * low, b1 + 5 * w, 1e-8);
});

testTensor(
  "the loss is that of the weights for the features as they came, and none nearby is lower",
  () => {
    const set = randomFeatures("fit", { size: 80, classes: 4, width: 5 });
    for (const c of [1e-3, 1, 1e3]) {
      using regression = new LogisticRegression(set, 4);
      const fit = regression.fit(c);
      const [weight, bias] = [fit.weight.toList() as number[][], fit.bias.toList() as number[]];
      assertAlmostEquals(direct(set, { weight, bias }, c), fit.loss, 1e-12);
      for (let k = 0; k < 4; k++) {
        for (const step of [-1e-3, 1e-3]) {
          const moved = weight.with(k, weight[k].with(k, weight[k][k] + step));
          assert(direct(set, { weight: moved, bias }, c) > fit.loss);
          const shifted = bias.with(k, bias[k] + step);
          assert(direct(set, { weight, bias: shifted }, c) > fit.loss);
        }
      }
    }
  },
);

testTensor("the gradient agrees with differences of the loss", () => {
  using regression = new LogisticRegression(
    randomFeatures("gradient", { size: 30, classes: 3, width: 4 }),
    3,
  );
  const objective = regression.objective(0.7);
  const theta = filled([3, 5], (k) => Math.sin(k));
  const values = Array.from(theta.toArray() as Float64Array);
  const numeric = values.map((value, i) => {
    const at = (x: number) =>
      scope(() =>
        objective(tensor(values.with(i, x), { shape: [3, 5], dtype: "float64" })).value.item()
      );
    return (at(value + 1e-6) - at(value - 1e-6)) / 2e-6;
  });
  assertClose(objective(theta).gradient, numeric, { atol: 1e-8, rtol: 1e-7 });
});

testTensor("the optimum does not depend on the fits before", () => {
  const set = randomFeatures("warm", { size: 60, classes: 3, width: 6 });
  using cold = new LogisticRegression(set, 3);
  using warm = new LogisticRegression(set, 3);
  for (const c of [1e-4, 1e-2, 1e2]) warm.fit(c);
  const [a, b] = [cold.fit(1), warm.fit(1)];
  assertAlmostEquals(a.loss, b.loss, 1e-12);
  assertClose(a.weight, b.weight, { atol: 1e-5 });
});

testTensor("features that do not vary get no weight", () => {
  const set = features([[0, 7], [1, 7], [4, 7], [5, 7]], [0, 0, 1, 1]);
  using regression = new LogisticRegression(set, 2);
  const { weight, bias } = regression.fit(1);
  assertClose(weight.select(1, 1), [0, 0], { atol: 1e-9 });
  assertEquals(countCorrect({ weight, bias }, set).top1, 4);
});

testTensor("features of more numbers than there are images are fitted as well", () => {
  const set = randomFeatures("wide", { size: 12, classes: 3, width: 40 });
  using regression = new LogisticRegression(set, 3);
  const fit = regression.fit(0.5);
  const [weight, bias] = [fit.weight.toList() as number[][], fit.bias.toList() as number[]];
  assertAlmostEquals(direct(set, { weight, bias }, 0.5), fit.loss, 1e-12);
  for (let j = 0; j < 40; j++) {
    for (const step of [-1e-3, 1e-3]) {
      const moved = weight.with(1, weight[1].with(j, weight[1][j] + step));
      assert(direct(set, { weight: moved, bias }, 0.5) > fit.loss);
    }
  }
});

testTensor("images that are all the same are answered by the most frequent class", () => {
  const set = features([[1, 2, 3], [1, 2, 3]], [1, 1]);
  using regression = new LogisticRegression(set, 3);
  assertEquals(countCorrect(regression.fit(1), set).top1, 2);
});

testTensor("a class without images is never the answer", () => {
  const set = features([[0], [1], [4], [5]], [0, 0, 3, 3]);
  using regression = new LogisticRegression(set, 6);
  const fit = regression.fit(10);
  assertEquals((fit.bias.toList() as number[]).map(Number.isFinite), [
    true,
    false,
    false,
    true,
    false,
    false,
  ]);
  assertEquals(countCorrect(fit, features([[0], [5], [0], [5]], [0, 3, 1, 2])), {
    ...{ top1: 2, top5: 4 },
    meanPerClass: 2 / 4,
    isFinite: true, // minus infinity is the bias of a class without images
  });
});

testTensor("strengths that make no sense are refused", () => {
  using regression = new LogisticRegression(features([[0], [1]], [0, 1]), 2);
  for (const c of [0, -1, NaN, 1e-320]) {
    assertThrows(() => regression.fit(c), RangeError, `with C = ${c}`);
  }
  assertThrows(() => new LogisticRegression(features([], []), 2), RangeError, "without images");
});
