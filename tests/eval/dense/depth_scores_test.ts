import { assert, assertEquals, assertThrows } from "@std/assert";
import { depthMetrics, depthScores, measureDepth } from "../../../src/eval/dense/depth_scores.ts";
import { tensor } from "../../../src/tensor/create.ts";
import { assertClose, testTensor } from "../../helpers.ts";

testTensor("the metrics of an image are those of their definitions", () => {
  const [predicted, truth] = [[1, 2, 6, 9, 7], [1, 4, 5, 3, 0]].map((values) => tensor(values));
  const measured = measureDepth(predicted, truth, truth.gt(0))!;
  const pairs = [[1, 1], [2, 4], [6, 5], [9, 3]];
  const mean = (f: (p: number, t: number) => number) =>
    pairs.reduce((sum, [p, t]) => sum + f(p, t), 0) / 4;
  const log = (p: number, t: number) => Math.log(p / t);
  assertClose(Array.from(measured), [
    Math.sqrt(mean((p, t) => (p - t) ** 2)),
    mean((p, t) => Math.abs(p - t) / t),
    mean((p, t) => (p - t) ** 2 / t),
    Math.sqrt(mean((p, t) => log(p, t) ** 2)),
    mean((p, t) => Math.abs(Math.log10(p / t))),
    100 * Math.sqrt(mean((p, t) => log(p, t) ** 2) - mean(log) ** 2),
    ...[2 / 4, 2 / 4, 2 / 4],
  ]);
  const close = measureDepth(tensor([1.3, 1.7]), tensor([1, 1]), tensor([true, true]))!;
  assertEquals([...close.subarray(6)], [0, 0.5, 1]);
});

testTensor("an image without a known depth has none", () => {
  assertEquals(measureDepth(tensor([1]), tensor([0]), tensor([false])), undefined);
});

Deno.test("scores are means over images, with intervals around them", () => {
  const images = [1, 2, 4, 5].map((value) => new Float64Array(depthMetrics.length).fill(value));
  const { rmse, a3 } = depthScores(images);
  assertEquals([rmse.mean, a3.mean], [3, 3]);
  const [low, high] = rmse.interval;
  assert(low >= 1 && low < 3 && high > 3 && high <= 5);
  assertThrows(() => depthScores([]), RangeError, "without a known pixel");
});

testTensor("a depth of NaN that counts is refused, one that does not is nothing", () => {
  const truth = tensor([1, 2]);
  const predicted = tensor([1, NaN]);
  assertThrows(
    () => measureDepth(predicted, truth, tensor([true, true])),
    RangeError,
    "Cannot score depths",
  );
  assertEquals(measureDepth(predicted, truth, tensor([true, false]))![0], 0);
});

testTensor(
  "depths that are all off by one factor have no error but in scale, never one that is not a number",
  () => {
    const truth = tensor([1.3, 2.7, 3.1, 4.9, 7.7], { dtype: "float64" });
    const roundings = Array.from({ length: 40 }, (_, i) => {
      const measured = measureDepth(truth.mul(1 + 0.07 * i), truth, truth.gt(0))!;
      return measured[depthMetrics.indexOf("silog")];
    });
    assert(roundings.every((silog) => silog >= 0 && silog < 1e-5), `${roundings}`);
  },
);
