import { assertEquals } from "@std/assert";
import {
  backwardSegmentationLoss,
  segmentationLoss,
} from "../../../src/eval/dense/segmentation_loss.ts";
import { tensor } from "../../../src/tensor/create.ts";
import { assertClose, filled, gradCheck, testTensor } from "../../helpers.ts";

const labels = (values: number[], shape: number[]) => tensor(Uint8Array.from(values), { shape });

testTensor("ignored pixels cost nothing and still count in the mean", () => {
  const logits = tensor([Math.log(3), 0, 0, 0], { shape: [1, 2, 1, 2] }); // 3 : 1, then 1 : 1
  assertClose(
    segmentationLoss(logits, labels([0, 1], [1, 1, 2])),
    (Math.log(4 / 3) + Math.log(2)) / 2,
  );
  assertClose(segmentationLoss(logits, labels([1, 255], [1, 1, 2])), Math.log(4) / 2);
  assertClose(segmentationLoss(logits, labels([255, 255], [1, 1, 2])), 0);
});

testTensor("logits are enlarged to the labels' size between pixel centres", () => {
  const logits = tensor([2, -2, 0, 0], { shape: [1, 2, 1, 2] });
  // A row of [2, -2] becomes [2, 1, -1, -2].
  const cost = (difference: number) => Math.log(1 + Math.exp(-difference));
  const expected = [2, 1, -1, -2].map(cost).reduce((a, b) => a + b) / 4;
  assertClose(segmentationLoss(logits, labels([0, 0, 0, 0], [1, 1, 4])), expected);
});

testTensor("its gradients agree with differences", () => {
  const classes = labels([0, 1, 2, 255, 1, 1, 0, 2, 2, 0, 255, 1], [1, 3, 4]);
  gradCheck((logits) => segmentationLoss(logits, classes), [filled([1, 3, 2, 2], Math.sin)]);
});

testTensor("image by image, loss and gradients are those of the batch", () => {
  const classes = labels(Array.from({ length: 3 * 16 }, (_, i) => i % 7 === 0 ? 255 : i % 2), [
    3,
    4,
    4,
  ]);
  const run = (backward: (logits: typeof weight) => number) => {
    const x = filled([3, 2, 2, 2], (k) => Math.cos(k));
    weight.grad = null;
    return [backward(x.mul(weight)), ...weight.grad!.toArray() as Float64Array];
  };
  const weight = filled([1, 2, 1, 1], (k) => 1 + k);
  weight.requiresGrad = true;
  const whole = run((logits) => {
    const loss = segmentationLoss(logits, classes);
    loss.backward();
    return loss.item();
  });
  const parts = run((logits) => backwardSegmentationLoss(logits, classes).item());
  assertClose(parts, whole, { rtol: 1e-12, atol: 1e-15 });
  assertEquals(parts.length, 3);
});
