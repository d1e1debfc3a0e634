import { Sgd } from "../../src/optim/sgd.ts";
import { tensor } from "../../src/tensor/create.ts";
import { assertClose, testTensor } from "../helpers.ts";

testTensor("steps follow the gradient with momentum, each slice at its own rate", () => {
  const weight = tensor([[1, 2], [3, 4]]);
  weight.requiresGrad = true;
  using sgd = new Sgd([{ parameter: weight, lr: tensor([[0.1], [1]]) }], { momentum: 0.5 });
  const step = (factor?: number) => {
    weight.mul(tensor([[1, 2], [3, 4]])).sum().backward(); // the gradient is 1, 2, 3, 4
    sgd.step(factor);
    sgd.zeroGrad();
  };
  step();
  assertClose(weight, [0.9, 1.8, 0, 0]);
  step(2); // velocities are 1.5 times the gradient
  assertClose(weight, [0.6, 1.2, -9, -12]);
});

testTensor("a parameter without a gradient stays", () => {
  const weight = tensor([1, 2]);
  weight.requiresGrad = true;
  using sgd = new Sgd([{ parameter: weight, lr: tensor([1]) }]);
  sgd.step();
  assertClose(weight, [1, 2], { atol: 0 });
});

testTensor("nine tenths of a step are kept unless told otherwise", () => {
  const weight = tensor([0]);
  weight.requiresGrad = true;
  using sgd = new Sgd([{ parameter: weight, lr: tensor([1]) }]);
  for (let i = 0; i < 2; i++) {
    weight.grad = tensor([1]);
    sgd.step();
  }
  assertClose(weight.detach(), [-(1 + 1.9)]);
});
