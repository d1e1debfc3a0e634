import { assertEquals } from "@std/assert";
import { parameter } from "../../src/nn/parameter.ts";
import { ones } from "../../src/tensor/create.ts";
import { scope } from "../../src/tensor/scope.ts";
import { testTensor } from "../helpers.ts";

testTensor("a parameter collects gradients and survives the scope it was made in", () => {
  const made: { weight?: ReturnType<typeof ones> } = {};
  scope(() => {
    made.weight = parameter(ones([2]));
  });
  using weight = made.weight!;
  scope(() => weight.mul(3).sum().backward());
  assertEquals(weight.grad!.toList(), [3, 3]);
});
