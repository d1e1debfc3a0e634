import { assertEquals } from "@std/assert";
import { Linear } from "../../src/nn/linear.ts";
import { Generator } from "../../src/tensor/random.ts";
import { tensor } from "../../src/tensor/create.ts";
import { assertClose, testTensor } from "../helpers.ts";

testTensor("a linear layer maps the last dimension", () => {
  using layer = new Linear(2, 1);
  layer.loadStateDict({ weight: tensor([[2, 3]]), bias: tensor([1]) });
  assertClose(layer.forward(tensor([[[1, 1], [0, 2]]])), [[[6], [7]]]);
});

testTensor("a linear layer starts with small weights and no bias", () => {
  using generator = new Generator(0);
  using layer = new Linear(300, 200, { generator });
  assertClose(layer.weight.std(), 0.02, { rtol: 0.02 });
  assertEquals(layer.bias!.abs().max().item(), 0);
});

testTensor("a linear layer without bias has one parameter", () => {
  using layer = new Linear(2, 3, { bias: false });
  assertEquals(Object.keys(layer.stateDict()), ["weight"]);
});
