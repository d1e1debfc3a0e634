import { assertEquals } from "@std/assert";
import { arange } from "../../src/tensor/create.ts";
import { pack, unpack } from "../../src/vit/packing.ts";
import { testTensor } from "../helpers.ts";

testTensor("crops are laid end to end and come apart again", () => {
  const a = arange(12).reshape([2, 3, 2]), b = arange(8).add(100).reshape([1, 4, 2]);
  const { tokens, groups } = pack([a, b]);
  assertEquals(tokens.shape, [10, 2]);
  assertEquals(groups, [{ batch: 2, length: 3 }, { batch: 1, length: 4 }]);
  assertEquals(tokens.select(0, 6).toList(), [100, 101]);
  const [first, second] = unpack(tokens, groups);
  assertEquals(first.toList(), a.toList());
  assertEquals(second.toList(), b.toList());
});

testTensor("a single group is packed without a copy", () => {
  const x = arange(12).reshape([2, 3, 2]);
  pack([x]).tokens.fill_(7);
  assertEquals(x.sum().item(), 7 * 12);
});
