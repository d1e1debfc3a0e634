import { assertEquals } from "@std/assert";
import { Mlp } from "../../src/nn/mlp.ts";
import { tensor } from "../../src/tensor/create.ts";
import { assertClose, testTensor } from "../helpers.ts";

testTensor("an MLP is a linear layer, a GELU and a linear layer", () => {
  using mlp = new Mlp(1, 2);
  assertEquals(Object.keys(mlp.stateDict()), ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"]);
  mlp.loadStateDict({
    "fc1.weight": tensor([[1], [-1]]),
    "fc1.bias": tensor([0, 3]),
    "fc2.weight": tensor([[1, 10]]),
    "fc2.bias": tensor([0.5]),
  });
  const gelu = [0.8413447, 1.9544997]; // of 1 and 2
  assertClose(mlp.forward(tensor([[1]])), gelu[0] + 10 * gelu[1] + 0.5);
});
