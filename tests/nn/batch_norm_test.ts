import { assertEquals } from "@std/assert";
import { BatchNorm } from "../../src/nn/batch_norm.ts";
import { noGrad } from "../../src/autograd/mode.ts";
import { full, tensor } from "../../src/tensor/create.ts";
import { assertClose, filled, gradCheck, testTensor } from "../helpers.ts";

testTensor("training normalises by the batch and moves the running averages", () => {
  using norm = new BatchNorm(1);
  const x = tensor([1, 2, 3, 6], { shape: [2, 1, 1, 2] });
  const root = Math.sqrt(3.5 + 1e-5);
  assertClose(norm.forward(x), [-2 / root, -1 / root, 0, 3 / root]);
  assertClose(norm.runningMean, [0.3]);
  assertClose(norm.runningVar, [0.9 + 0.1 * 14 / 3]); // unbiased, as in PyTorch
});

testTensor("1e-5 is added to the variance, so that a channel without any stays zero", () => {
  using norm = new BatchNorm(1);
  const few = Math.sqrt(1e-5); // variance and what is added are equal
  const x = tensor([few, -few], { shape: [2, 1, 1, 1] });
  assertClose(norm.forward(x), [1 / Math.SQRT2, -1 / Math.SQRT2]);
  assertClose(norm.forward(full([2, 1, 1, 1], 7)), [0, 0]);
});

testTensor("evaluation uses the running averages and leaves them", () => {
  using norm = new BatchNorm(2).eval();
  noGrad(() => {
    norm.runningMean.copy_(tensor([1, -1]));
    norm.runningVar.copy_(tensor([4, 9]));
    norm.weight.copy_(tensor([1, 3]));
    norm.bias.copy_(tensor([0, 0.5]));
  });
  const x = tensor([3, 2], { shape: [1, 2, 1, 1] });
  assertClose(norm.forward(x), [1, 3.5], { rtol: 1e-5 });
  assertClose(norm.runningMean, [1, -1]);
});

testTensor("its checkpoint has PyTorch's names, and averages have no gradient", () => {
  using norm = new BatchNorm(2);
  assertEquals(Object.keys(norm.stateDict()), ["weight", "bias", "running_mean", "running_var"]);
  norm.forward(filled([2, 2, 2, 2], Math.sin, { dtype: "float32" })).sum().backward();
  assertEquals(norm.parameters().map((value) => value.grad !== null), [true, true, false, false]);
});

testTensor("gradients flow through mean and variance", () => {
  using norm = new BatchNorm(2);
  norm.to({ dtype: "float64" });
  const weights = filled([2, 2, 2, 3], (k) => Math.cos(3 * k));
  gradCheck((x) => norm.forward(x).mul(weights).sum(), [
    filled([2, 2, 2, 3], (k) => Math.sin(k * k)),
  ]);
});
