import { assertEquals } from "@std/assert";
import { arange, tensor } from "../../src/tensor/create.ts";
import { testTensor } from "../helpers.ts";

testTensor("elements keep their order, dimensions change", () => {
  const x = arange(6).reshape([2, -1]);
  assertEquals([x.t().toList(), x.transpose(0, 1).toList()], [[[0, 3], [1, 4], [2, 5]], [[0, 3], [
    1,
    4,
  ], [2, 5]]]);
  assertEquals(arange(24).reshape([2, 3, 4]).permute([2, 0, 1]).shape, [4, 2, 3]);
  assertEquals(arange(24).reshape([2, 3, 4]).flatten(1).shape, [2, 12]);
  assertEquals(arange(24).reshape([2, 3, 4]).flatten(0, 1).shape, [6, 4]);
  assertEquals([x.flatten().shape, x.unsqueeze(1).shape, x.unsqueeze(1).squeeze(1).shape], [[6], [
    2,
    1,
    3,
  ], [2, 3]]);
  assertEquals(tensor([[1], [2]]).expand([-1, 2]).toList(), [[1, 1], [2, 2]]);
  assertEquals(tensor([[1, 2]]).repeat([2, 2]).toList(), [[1, 2, 1, 2], [1, 2, 1, 2]]);
  assertEquals(x.t().contiguous().toList(), x.t().toList());
});

testTensor("parts are those that are asked for", () => {
  const x = arange(8).reshape([2, 4]);
  const [first, second] = [[0, 1, 2, 3], [4, 5, 6, 7]];
  assertEquals(x.narrow(1, 1, 2).toList(), [[1, 2], [5, 6]]);
  assertEquals(x.slice(1).toList(), [first, second]);
  assertEquals(x.slice(1, -2).toList(), [[2, 3], [6, 7]]);
  assertEquals(x.slice(1, undefined, -1, 2).toList(), [[0, 2], [4, 6]]);
  assertEquals([x.select(0, 1).toList(), x.select(1, -1).toList()], [second, [3, 7]]);
  const index = tensor([3, 0], { dtype: "int64" });
  assertEquals(x.indexSelect(1, index).toList(), [[3, 0], [7, 4]]);
  assertEquals(x.gather(1, tensor([[1], [2]], { dtype: "int64" })).toList(), [[1], [6]]);
  const added = x.indexAdd(1, index, tensor([[10, 20], [30, 40]], { dtype: "int64" }));
  assertEquals(added.toList(), [[20, 1, 2, 13], [44, 5, 6, 37]]);
  const halved = tensor([0, 0]).indexAdd(0, tensor([1], { dtype: "int64" }), tensor([4]), {
    alpha: 0.5,
  });
  assertEquals(halved.toList(), [0, 2]);
  assertEquals(x.chunk(2).map((part) => part.toList()), [[first], [second]]);
  assertEquals(x.chunk(3, 1).map(({ shape }) => shape), [[2, 2], [2, 2]]);
  assertEquals(x.split([1, 3], 1).map(({ shape }) => shape), [[2, 1], [2, 3]]);
  assertEquals(x.unbind().map((part) => part.toList()), [first, second]);
  assertEquals(x.unbind(1).length, 4);
  assertEquals(x.flip([1]).toList(), [[3, 2, 1, 0], [7, 6, 5, 4]]);
  assertEquals(x.roll([1], [1]).toList(), [[3, 0, 1, 2], [7, 4, 5, 6]]);
});
