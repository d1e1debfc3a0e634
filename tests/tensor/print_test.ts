import { assertEquals } from "@std/assert";
import { arange, tensor } from "../../src/tensor/create.ts";
import { testTensor } from "../helpers.ts";

testTensor("seven values are shown whole, of eight the first and last three", () => {
  const line = (count: number) => arange(count).toString().split("\n")[1];
  assertEquals([line(7), line(8)], ["[0, 1, 2, 3, 4, 5, 6]", "[0, 1, 2, …, 5, 6, 7]"]);
});

testTensor("numbers have four digits, rows stand below each other", () => {
  assertEquals(
    tensor([[1 / 3, 2], [NaN, -1234.56]]).toString(),
    "Tensor float32 [2, 2] on cpu\n[[0.3333, 2],\n [NaN, -1235]]",
  );
});
