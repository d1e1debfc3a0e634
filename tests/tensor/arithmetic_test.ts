import { assertEquals, assertThrows } from "@std/assert";
import { arange, ones, tensor } from "../../src/tensor/create.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { assertClose, testTensor } from "../helpers.ts";

testTensor("operators compute element by element, with numbers and with tensors", () => {
  const a = tensor([7, -2, 0.5]), b = tensor([2, 4, -0.5]);
  const two: [name: keyof Tensor, ofTensor: number[], ofTwo: number[]][] = [
    ["add", [9, 2, 0], [9, 0, 2.5]],
    ["sub", [5, -6, 1], [5, -4, -1.5]],
    ["mul", [14, -8, -0.25], [14, -4, 1]],
    ["div", [3.5, -0.5, -1], [3.5, -1, 0.25]],
    ["pow", [49, 16, 2 ** 0.5], [49, 4, 0.25]],
    ["eq", [0, 0, 0], [0, 0, 0]],
    ["ne", [1, 1, 1], [1, 1, 1]],
    ["lt", [0, 1, 0], [0, 1, 1]],
    ["le", [0, 1, 0], [0, 1, 1]],
    ["gt", [1, 0, 1], [1, 0, 0]],
    ["ge", [1, 0, 1], [1, 0, 0]],
  ];
  for (const [name, ofTensor, ofTwo] of two) {
    const apply = (other: Tensor | number) =>
      (a[name] as (other: Tensor | number) => Tensor).call(a, other);
    assertClose(apply(b), ofTensor);
    assertClose(apply(2), ofTwo);
  }
  for (const [name, equal] of Object.entries({ eq: 1, ne: 0, lt: 0, le: 1, gt: 0, ge: 1 })) {
    const apply = a[name as "eq"].bind(a);
    assertEquals(
      [apply(a), apply(7)].map((found) => Number(found.toArray()[0])),
      [equal, equal],
      name,
    );
  }
});

testTensor("functions of one tensor are those of their names", () => {
  const x = tensor([-1.5, 0.5, 2.5]);
  assertClose(x.remainder(2), [0.5, 0.5, 0.5]);
  assertClose(tensor([5]).remainder(-3), [-1]);
  assertClose(x.addcmul(x, tensor([1, 2, 3])), [-3, 1.5, 10]);
  assertClose(x.addcmul(x, tensor([1, 2, 3]), { value: 2 }), [-4.5, 2.5, 17.5]);
  assertClose(x.lerp(tensor([0.5, 0.5, 0.5]), 0.25), [-1, 0.5, 2]);
  assertClose(x.neg(), [1.5, -0.5, -2.5]);
  for (
    const [name, of] of Object.entries({
      exp: Math.exp,
      tanh: Math.tanh,
      sin: Math.sin,
      cos: Math.cos,
      abs: Math.abs,
      floor: Math.floor,
      trunc: Math.trunc,
    })
  ) {
    assertClose((x[name as "exp"])(), [-1.5, 0.5, 2.5].map(of), { atol: 1e-6 });
  }
  assertClose(x.round(), [-2, 0, 2], { atol: 0 });
  assertClose(x.sigmoid(), [-1.5, 0.5, 2.5].map((v) => 1 / (1 + Math.exp(-v))), { atol: 1e-6 });
  const positive = tensor([0.25, 4]);
  assertClose(positive.sqrt(), [0.5, 2]);
  assertClose(positive.rsqrt(), [2, 0.5]);
  assertClose(positive.reciprocal(), [4, 0.25]);
  assertClose(positive.log(), [Math.log(0.25), Math.log(4)], { atol: 1e-6 });
});

testTensor("limits, masks and conditions choose what they say", () => {
  const x = tensor([-1, 0, 2, NaN]);
  assertEquals(x.clamp({ min: 0 }).toList(), [0, 0, 2, NaN]);
  assertEquals(x.clamp({ max: 1 }).toList(), [-1, 0, 1, NaN]);
  assertEquals(x.isfinite().toList(), [1, 1, 1, 0]);
  assertEquals(tensor([Infinity]).isfinite().toList(), [0]);
  assertEquals(tensor([-1, 0, 2]).logicalNot().toList(), [0, 1, 0]);
  assertEquals(tensor([1, 0, 2]).logicalAnd(tensor([1, 1, 0])).toList(), [1, 0, 0]);
  const a = tensor([1, 5]), b = tensor([3, 2]);
  assertEquals([a.maximum(b).toList(), a.minimum(b).toList()], [[3, 5], [1, 2]]);
  assertEquals(a.maskedFill(tensor([true, false]), 9).toList(), [9, 5]);
});

testTensor("products run over the last dimension and the one before, also with a vector", () => {
  const a = tensor([[1, 2, 3], [4, 5, 6]]);
  assertEquals(a.matmul(tensor([1, 0, -1])).toList(), [-2, -2]);
  assertEquals(tensor([1, -1]).matmul(a).toList(), [-3, -3, -3]);
  assertEquals(a.matmul(a.t()).toList(), [[14, 32], [32, 77]]);
  assertEquals(ones([4, 2, 3]).matmul(ones([3, 5])).shape, [4, 2, 5]);
  assertThrows(() => a.matmul(tensor([1, 2])), TypeError, "[2, 3] and [2]: inner sizes 3 and 2");
});

testTensor(
  "whole numbers stay whole beside whole numbers, and become fractions beside those",
  () => {
    const x = arange(3);
    const made = [
      x.add(1),
      x.mul(2),
      x.clamp({ min: 1 }),
      x.remainder(2),
      x.maskedFill(x.gt(1), 7),
    ];
    assertEquals(made.map(({ dtype }) => dtype), Array(5).fill("int64"));
    assertEquals(made.map((each) => each.toList()), [
      [1, 2, 3],
      [0, 2, 4],
      [1, 1, 2],
      [0, 1, 0],
      [0, 1, 7],
    ]);
    const fractions = [x.add(0.5), x.mul(0.5), x.clamp({ max: 1.5 })];
    assertEquals(fractions.map(({ dtype }) => dtype), Array(3).fill("float32"));
    assertEquals(fractions.map((each) => each.toList()), [[0.5, 1.5, 2.5], [0, 0.5, 1], [
      0,
      1,
      1.5,
    ]]);
  },
);
