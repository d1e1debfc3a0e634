import { LayerNorm } from "../../src/nn/layer_norm.ts";
import { tensor } from "../../src/tensor/create.ts";
import { assertClose, testTensor } from "../helpers.ts";

testTensor("a norm starts as plain normalisation with eps 1e-6", () => {
  using norm = new LayerNorm(2);
  const x = tensor([[1e-3, -1e-3]]);
  assertClose(norm.forward(x), [[1 / Math.SQRT2, -1 / Math.SQRT2]]); // variance and eps are equal
});

testTensor("a norm scales and shifts by its parameters", () => {
  using norm = new LayerNorm(2);
  norm.loadStateDict({ weight: tensor([2, 3]), bias: tensor([1, 0]) });
  assertClose(norm.forward(tensor([[10, -10]])), [[3, -3]]);
});
