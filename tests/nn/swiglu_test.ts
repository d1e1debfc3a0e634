import { assertEquals } from "@std/assert";
import { SwiGlu, swiGluHidden } from "../../src/nn/swiglu.ts";
import { tensor } from "../../src/tensor/create.ts";
import { assertClose, testTensor } from "../helpers.ts";

Deno.test("the hidden width is two thirds, truncated, rounded up to a multiple of 8", () => {
  assertEquals([96, 128, 1536, 3072, 4096, 6144].map(swiGluHidden), [
    64,
    88,
    1024,
    2048,
    2736,
    4096,
  ]);
});

testTensor("the first half of the packed layer is the gate", () => {
  using layer = new SwiGlu(1, 1);
  assertEquals(Object.keys(layer.stateDict()), ["w12.weight", "w12.bias", "w3.weight", "w3.bias"]);
  layer.loadStateDict({
    "w12.weight": tensor([[2], [3]]),
    "w12.bias": tensor([0, 1]),
    "w3.weight": tensor([[10]]),
    "w3.bias": tensor([1]),
  });
  const silu = 2 / (1 + Math.exp(-2));
  assertClose(layer.forward(tensor([[1]])), 10 * silu * 4 + 1);
});
