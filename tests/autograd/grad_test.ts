import { assertEquals, assertThrows } from "@std/assert";
import { grad } from "../../src/autograd/grad.ts";
import { ones, tensor } from "../../src/tensor/create.ts";
import { testTensor } from "../helpers.ts";

testTensor("grad() returns gradients and leaves grad alone", () => {
  const x = tensor([2, 3]);
  x.requiresGrad = true;
  assertEquals(grad([x.pow(3).sum()], [x])[0]!.toList(), [12, 27]);
  assertEquals(x.grad, null);
});

testTensor("grad() gives null for an input the outputs do not use", () => {
  const [x, y] = [tensor([1]), tensor([1])];
  x.requiresGrad = y.requiresGrad = true;
  assertEquals(grad([x.sum()], [x, y])[1], null);
});

testTensor("grad() of a gradient gives the second derivative", () => {
  const x = tensor([2]);
  x.requiresGrad = true;
  const [first] = grad([x.pow(3).sum()], [x], { createGraph: true });
  assertEquals(grad([first!.sum()], [x])[0]!.toList(), [12]);
});

testTensor(
  "grad() gives a graph up unless it is to be kept, and takes gradients of outputs as weights",
  () => {
    const x = tensor([2, 3]);
    x.requiresGrad = true;
    const y = x.pow(2);
    const take = (retainGraph?: boolean) =>
      grad([y], [x], { gradOutputs: [tensor([1, 10])], retainGraph })[0]!;
    assertEquals([take(true).toList(), take(true).requiresGrad], [[4, 60], false]);
    assertEquals(take().toList(), [4, 60]);
    assertThrows(() => take(), Error, "second time");
  },
);

testTensor("grad() refuses outputs outside any graph", () => {
  assertThrows(() => grad([ones([1])], [ones([1])]), Error, "does not require grad");
});
