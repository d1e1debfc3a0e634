import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { cPowers, evaluateLogreg } from "../../src/eval/evaluate_logreg.ts";
import { countCorrect } from "../../src/eval/linear_classifier.ts";
import { LogisticRegression } from "../../src/eval/logistic_regression.ts";
import { selectImages } from "../../src/features/labelled_features.ts";
import { Stream } from "../../src/random/stream.ts";
import { assertClose, testTensor } from "../helpers.ts";
import { features, randomFeatures } from "./random_features.ts";

testTensor("the reference's 45 strengths go from 1e-6 to 1e5 by quarters of a power of ten", () => {
  assertEquals(cPowers.length, 45);
  assertClose([cPowers[0], cPowers[4], cPowers[44]], [1e-6, 1e-5, 1e5]);
});

testTensor("the strength chosen is the best on held-out images, the least among equals", () => {
  const train = randomFeatures("train", { size: 200, classes: 4, width: 8, spread: 1 });
  const val = randomFeatures("val", { size: 100, classes: 4, width: 8, spread: 1 });
  const cValues = [100, 1e-2, 1, 1e-8];
  const { bestC, converged, heldOut, top1, top5 } = evaluateLogreg(train, val, { cValues });
  assertEquals(heldOut.map(({ c }) => c), [1e-8, 1e-2, 1, 100]);
  const best = Math.max(...heldOut.map(({ percent }) => percent));
  assertEquals(bestC, heldOut.find(({ percent }) => percent === best)!.c);
  assert(heldOut.every(({ percent }) => Number.isInteger(percent / 5)), "20 images are held out");
  assert(top1.percent > 70, `${top1.percent} %`);
  assertEquals([top5, converged], [undefined, true], "of four classes there are no first five");
});

testTensor("the images held out are those of the seed", () => {
  const train = randomFeatures("train", { size: 100, classes: 4, width: 4 });
  const evaluate = (seed: number) =>
    evaluateLogreg(train, train, { cValues: [1e-2, 1], seed }).heldOut;
  assertEquals(evaluate(0), evaluate(0));
  assert([1, 2, 3].some((seed) => evaluate(seed)[0].percent !== evaluate(0)[0].percent));
});

testTensor("a tenth is held out, of an order that is the same in every version", () => {
  const train = randomFeatures("train", { size: 95, classes: 4, width: 4 });
  const { heldOut: [{ percent }] } = evaluateLogreg(train, train, { cValues: [1], seed: 3 });
  const order = [...new Stream(3, "held out").permutation(95)];
  const [held, rest] = [order.slice(0, 9), order.slice(9)].map((images) =>
    selectImages(train, Uint32Array.from(images))
  );
  using regression = new LogisticRegression(rest, 4);
  assertEquals(percent, 100 * countCorrect(regression.fit(1), held).top1 / 9);
  assertNotEquals(
    evaluateLogreg(train, train, { cValues: [1], seed: 4 }).heldOut[0].percent,
    percent,
  );
});

testTensor("progress counts fits", () => {
  const train = randomFeatures("train", { size: 20, classes: 2, width: 3 });
  const seen: number[][] = [];
  evaluateLogreg(train, train, { cValues: [0.1, 1], onProgress: (...done) => seen.push(done) });
  assertEquals(seen, [[1, 3], [2, 3], [3, 3]]);
});

testTensor("sets and strengths that make no sense are refused", () => {
  const one = features([[1, 2]], [0]);
  const two = features([[1, 2], [3, 4]], [0, 1]);
  assertThrows(() => evaluateLogreg(one, two), RangeError, "Cannot hold out");
  assertThrows(() => evaluateLogreg(two, features([[1]], [0])), RangeError, "of 2 and 1 numbers");
  assertThrows(() => evaluateLogreg(two, two, { cValues: [] }), RangeError, "C from an empty list");
});

testTensor("a tenth of the images is held out, rounded down, but at least one", () => {
  const heldOut = (size: number) => {
    const train = randomFeatures("train", { size, classes: 2, width: 3, spread: 0 }); // guesses
    const seen = Array.from(
      { length: 12 },
      (_, seed) => evaluateLogreg(train, train, { cValues: [1], seed }).heldOut[0].percent,
    );
    const steps = [1, 2, 3].filter((count) =>
      seen.every((percent) => Math.abs(percent * count / 100 % 1) < 1e-9)
    );
    return steps[0];
  };
  assertEquals([2, 19, 20, 29].map(heldOut), [1, 1, 2, 2]);
});

testTensor(
  "every fit has as many steps as are allowed, 1000 unless told otherwise, and counts all its images",
  () => {
    const train = randomFeatures("train", { size: 300, classes: 6, width: 12, spread: 0.5 });
    const val = randomFeatures("val", { size: 80, classes: 6, width: 12, spread: 0.5 });
    const heldOut = (maxIterations?: number) =>
      evaluateLogreg(train, val, { cValues: [1e-2, 1e3], maxIterations }).heldOut
        .map(({ percent }) => percent);
    assertNotEquals(heldOut(1), heldOut());
    assertEquals(heldOut(1000), heldOut());
    const { top1, top5, meanPerClass, bestC } = evaluateLogreg(train, val, { cValues: [0.1] });
    using regression = new LogisticRegression(train, 6);
    const counts = countCorrect(regression.fit(bestC), val);
    assertEquals([top1.percent, top5?.percent, meanPerClass], [
      ...[counts.top1 / 0.8, counts.top5! / 0.8, 100 * counts.meanPerClass],
    ]);
  },
);

testTensor("the last fit has as many steps as are allowed, and says if they ran out", () => {
  const train = randomFeatures("train", { size: 100, classes: 4, width: 8 });
  const fit = (maxIterations?: number) =>
    evaluateLogreg(train, train, { cValues: [1e3], maxIterations }).converged;
  assertEquals([fit(1), fit()], [false, true]);
});
