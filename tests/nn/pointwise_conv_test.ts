import { assert, assertEquals } from "@std/assert";
import { noGrad } from "../../src/autograd/mode.ts";
import { PointwiseConv } from "../../src/nn/pointwise_conv.ts";
import { tensor } from "../../src/tensor/create.ts";
import { Generator } from "../../src/tensor/random.ts";
import { assertClose, testTensor } from "../helpers.ts";

testTensor("every place is mapped by the same matrix", () => {
  using conv = new PointwiseConv(2, 1);
  noGrad(() => {
    conv.weight.copy_(tensor([3, -1], { shape: [1, 2, 1, 1] }));
    conv.bias.copy_(tensor([0.5]));
  });
  const x = tensor([1, 2, 10, 20], { shape: [1, 2, 1, 2] });
  assertClose(conv.forward(x), [3 - 10 + 0.5, 6 - 20 + 0.5]);
});

testTensor("weights start normal with zero biases, or as PyTorch's", () => {
  using generator = new Generator(0);
  using normal = new PointwiseConv(64, 100, { std: 0.01, generator });
  assertClose(normal.weight.std().item(), 0.01, { rtol: 0.05 });
  assertClose(normal.bias.abs().max(), 0);
  using uniform = new PointwiseConv(64, 100, { generator });
  const most = uniform.weight.abs().max().item();
  assert(most <= 1 / 8 && most > 0.12);
  assert(uniform.bias.abs().max().item() > 0.1);
  assertEquals(Object.keys(uniform.stateDict()), ["weight", "bias"]);
});
