import { assert, assertEquals } from "@std/assert";
import { depthLoss, gradientLoss, scaleInvariantLoss } from "../../../src/eval/dense/depth_loss.ts";
import { tensor, zeros } from "../../../src/tensor/create.ts";
import type { Tensor } from "../../../src/tensor/tensor.ts";
import { assertClose, filled, gradCheck, testTensor } from "../../helpers.ts";

const EPS = 1e-3;
/** Depths whose logarithms after adding 0.001 are these. */
const exps = (logs: number[], shape: number[]) =>
  tensor(logs.map((log) => Math.exp(log) - EPS), { shape, dtype: "float64" });

testTensor(
  "the scale-invariant loss is the root of variance and a share of the squared mean",
  () => {
    const truth = exps([0, 0, 0, 0], [1, 1, 1, 4]);
    const predicted = exps([1, 2, 3, 6], [1, 1, 1, 4]);
    assertClose(scaleInvariantLoss(predicted, truth), Math.sqrt(14 / 3 + 0.15 * 9));
    assertClose(scaleInvariantLoss(predicted, truth, { warmUp: true }), Math.sqrt(0.15) * 3);
  },
);

testTensor("unknown depths do not count", () => {
  const truth = tensor([1, 0, 2, 0], { shape: [1, 1, 1, 4], dtype: "float64" });
  const predicted = tensor([2, 50, 2, 0.1], { shape: [1, 1, 1, 4], dtype: "float64" });
  const g = Math.log((2 + EPS) / (1 + EPS));
  assertClose(scaleInvariantLoss(predicted, truth), Math.sqrt(g ** 2 / 2 + 0.15 * (g / 2) ** 2));
  assertClose(gradientLoss(predicted, truth), g / 2); // one pair of known pixels, among two
});

testTensor("the gradient loss compares rows with rows and columns with columns", () => {
  // The logarithm rises by 1 from column to column, and by 10 from row to row.
  const predicted = exps(
    Array.from({ length: 12 }, (_, i) => (i % 4 + 10 * Math.floor(i / 4)) / 10),
    [1, 1, 3, 4],
  );
  const truth = exps(Array(12).fill(0), [1, 1, 3, 4]);
  // Full size: 3 rows x 2 pairs of 0.2, and 1 x 4 pairs of 2; every second: 2 x 2 pixels have no pairs.
  assertClose(gradientLoss(predicted, truth), (6 * 0.2 + 4 * 2) / 12);
});

testTensor("it agrees with a direct computation at all scales", () => {
  const [predicted, truth] = [
    filled([2, 1, 15, 17], (k) => 2 + Math.sin(k)),
    filled([2, 1, 15, 17], (k) => k % 5 === 0 ? 0 : 2 + Math.cos(3 * k)),
  ];
  const [p, t] = [predicted, truth].map((x) => x.toList() as number[][][][]);
  let expected = 0;
  for (const step of [1, 2, 4, 6]) {
    let [sum, count] = [0, 0];
    for (let b = 0; b < 2; b++) {
      const d = (y: number, x: number) =>
        Math.log(p[b][0][y][x] + EPS) - Math.log(t[b][0][y][x] + EPS);
      const known = (y: number, x: number) => y < 15 && x < 17 && t[b][0][y][x] > 0;
      for (let y = 0; y < 15; y += step) {
        for (let x = 0; x < 17; x += step) {
          if (!known(y, x)) continue;
          count++;
          const [below, right] = [y + 2 * step, x + 2 * step];
          if (known(below, x)) sum += Math.abs(d(y, x) - d(below, x));
          if (known(y, right)) sum += Math.abs(d(y, x) - d(y, right));
        }
      }
    }
    expected += sum / count;
  }
  assertClose(gradientLoss(predicted, truth), expected, { rtol: 1e-9 });
  assertClose(
    depthLoss(predicted, truth),
    scaleInvariantLoss(predicted, truth).item() + expected / 2,
    { rtol: 1e-9 },
  );
});

testTensor("gradients agree with differences, also in the warm-up", () => {
  const truth = filled([1, 1, 4, 5], (k) => k % 6 === 0 ? 0 : 1 + 0.1 * k);
  const predicted = filled([1, 1, 4, 5], (k) => 2 + Math.sin(2 * k));
  for (const warmUp of [false, true]) {
    gradCheck((x) => depthLoss(x, truth, { warmUp }), [predicted]);
  }
});

testTensor("where nothing is known, or all is right, losses and gradients are finite", () => {
  const run = (truth: Tensor, warmUp: boolean) => {
    const predicted = filled([1, 1, 3, 3], () => 2);
    predicted.requiresGrad = true;
    const loss = depthLoss(predicted, truth, { warmUp });
    loss.backward();
    assert(loss.item() < 1e-5);
    assertEquals(predicted.grad!.isfinite().all().item(), 1);
  };
  for (const warmUp of [false, true]) {
    run(zeros([1, 1, 3, 3], { dtype: "float64" }), warmUp);
    run(filled([1, 1, 3, 3], () => 2), warmUp);
  }
});
