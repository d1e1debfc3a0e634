import { assertEquals } from "@std/assert";
import { tensor } from "../../src/tensor/create.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { assertClose, testTensor } from "../helpers.ts";

const values = [[1, 5, 3], [4, 2, 9]];

testTensor("what many elements come to, over all, over a dimension, and with it kept", () => {
  const x = tensor(values);
  const cases: [name: "sum" | "mean" | "variance" | "std", all: number, rows: number[]][] = [
    ["sum", 24, [9, 15]],
    ["mean", 4, [3, 5]],
    ["variance", 8, [4, 13]],
    ["std", Math.sqrt(8), [2, Math.sqrt(13)]],
  ];
  for (const [name, all, rows] of cases) {
    assertClose(x[name](), all);
    assertClose(x[name](1), rows);
    assertClose(x[name]([1], { keepdim: true }), rows.map((row) => [row]));
    assertEquals([x[name]([0, 1]).shape, x[name](0).shape], [[], [3]]);
  }
  assertClose(x.variance(1, { correction: 0 }), [8 / 3, 26 / 3]);
  assertClose(x.std(1, { correction: 0 }), [Math.sqrt(8 / 3), Math.sqrt(26 / 3)]);
  assertClose(x.variance(undefined, { correction: 0 }), 40 / 6);
  assertClose(x.norm(), Math.sqrt(136));
  assertClose(x.norm({ dim: 1, keepdim: true }), [[Math.sqrt(35)], [Math.sqrt(101)]]);
});

testTensor("greatest and least, and where they are", () => {
  const x = tensor(values);
  assertEquals([x.max().item(), x.min().item()], [9, 1]);
  assertEquals([x.amax(1).toList(), x.amin(1).toList()], [[5, 9], [1, 2]]);
  assertEquals([x.amax([0, 1]).item(), x.amin([0, 1]).item()], [9, 1]);
  const kept = { keepdim: true };
  assertEquals([x.amax(0, kept).shape, x.amin(0, kept).shape], [[1, 3], [1, 3]]);
  assertEquals([x.argmax().item(), x.argmin().item()], [5, 0]);
  assertEquals([x.argmax(0).toList(), x.argmin(0).toList()], [[1, 0, 1], [0, 1, 0]]);
  assertEquals([x.argmax(1, kept).toList(), x.argmin(1, kept).toList()], [[[1], [2]], [[0], [1]]]);
});

testTensor("whether any or all are true", () => {
  const x = tensor([[1, 0], [2, 3]]);
  assertEquals([x.any().item(), x.all().item()].map(Number), [1, 0]);
  assertEquals([x.any(0).toList(), x.all(0).toList()], [[1, 1], [1, 0]]);
  assertEquals([x.any(0, { keepdim: true }).shape, x.all(1, { keepdim: true }).shape], [[1, 2], [
    2,
    1,
  ]]);
});

testTensor("what is not zero is found by its indices, and numbers are counted from 0 on", () => {
  assertEquals(tensor([[0, 2], [3, 0]]).nonzero().toList(), [[0, 1], [1, 0]]);
  const numbers = tensor([2, 0, 2], { dtype: "int64" });
  assertEquals(numbers.bincount().toList(), [1, 0, 2]);
  assertEquals(numbers.bincount(4).toList(), [1, 0, 2, 0]);
});

testTensor("orders and running sums go along the last dimension unless told otherwise", () => {
  const x = tensor(values);
  const lists = ({ values, indices }: { values: Tensor; indices: Tensor }) => [
    values.toList(),
    indices.toList(),
  ];
  assertEquals(lists(x.topk(2)), [[[5, 3], [9, 4]], [[1, 2], [2, 0]]]);
  assertEquals(lists(x.topk(1, { dim: 0 })), [[[4, 5, 9]], [[1, 0, 1]]]);
  assertEquals(lists(x.sort()), [[[1, 3, 5], [2, 4, 9]], [[0, 2, 1], [1, 0, 2]]]);
  assertEquals(x.sort({ descending: true }).values.toList(), [[5, 3, 1], [9, 4, 2]]);
  assertEquals(x.sort({ dim: 0 }).indices.toList(), [[0, 1, 0], [1, 0, 1]]);
  assertEquals(x.cumsum(1).toList(), [[1, 6, 9], [4, 6, 15]]);
  assertClose(tensor([0, Math.log(3)]).softmax(0), [0.25, 0.75]);
  assertClose(tensor([0, Math.log(3)]).logSoftmax(0), [Math.log(0.25), Math.log(0.75)], {
    atol: 1e-6,
  });
});
