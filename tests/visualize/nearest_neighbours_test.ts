import { assertEquals, assertThrows } from "@std/assert";
import { tensor } from "../../src/tensor/create.ts";
import { nearestNeighbours } from "../../src/visualize/nearest_neighbours.ts";
import { assertClose, testTensor } from "../helpers.ts";

const features = () => tensor([[1, 0], [0.6, 0.8], [0, 1], [-1, 0]]);

testTensor("the nearest come first, with their cosines", () => {
  const [found] = nearestNeighbours(tensor([[0.8, 0.6]]), features(), { count: 4 });
  assertEquals(found.map(({ index }) => index), [1, 0, 2, 3]);
  assertClose(found.map(({ similarity }) => similarity), [0.96, 0.8, 0.6, -0.8]);
});

testTensor("a query is passed over where it is itself among the images", () => {
  const queries = tensor([[1, 0], [0, 1]]);
  const found = nearestNeighbours(queries, features(), { count: 2, self: [0, undefined] });
  assertEquals(found.map((row) => row.map(({ index }) => index)), [[1, 2], [2, 1]]);
});

testTensor("an image whose similarity is NaN is nobody's neighbour", () => {
  const bad = tensor([[1, 0], [NaN, 0], [0, 1]]);
  for (const pair of [[tensor([[1, 0]]), bad], [bad, features()]] as const) {
    assertThrows(() => nearestNeighbours(...pair, { count: 1 }), RangeError, "NaN or infinite");
  }
});

testTensor("five neighbours are found unless another number is asked for", () => {
  const rows = tensor([[1, 0], [2, 0], [3, 0], [4, 0], [5, 0], [6, 0]]);
  const [found] = nearestNeighbours(tensor([[1, 0]]), rows);
  assertEquals(found.map(({ index }) => index), [5, 4, 3, 2, 1]);
});

testTensor("more neighbours than images are refused with how many there are", () => {
  const refuse = (count: number, self?: number[]) =>
    assertThrows(() => nearestNeighbours(tensor([[1, 0]]), features(), { count, self }), RangeError)
      .message;
  assertEquals(refuse(5), "Cannot find 5 neighbours among 4 images: ask for 1 to 4");
  assertEquals(refuse(4, [0]), "Cannot find 4 neighbours among 3 other images: ask for 1 to 3");
  assertEquals(refuse(0), "Cannot find 0 neighbours among 4 images: ask for 1 to 4");
});
