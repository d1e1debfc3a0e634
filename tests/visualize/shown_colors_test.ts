import { assertEquals } from "@std/assert";
import { tensor } from "../../src/tensor/create.ts";
import { shownColors } from "../../src/visualize/shown_colors.ts";
import { assertClose, testTensor } from "../helpers.ts";

const image = (...channels: number[]) => tensor(channels, { shape: [channels.length, 1, 1] });

testTensor("gray is shown as gray, with or without alpha", () => {
  assertClose(shownColors(image(7)), [7, 7, 7]);
  assertClose(shownColors(image(7, 255)), [7, 7, 7]);
});

testTensor("of three channels and more the first three are shown", () => {
  assertClose(shownColors(image(1, 2, 3, 4)), [1, 2, 3]);
  const many = tensor(Array(10).fill(9), { shape: [2, 5, 1, 1] });
  assertEquals(shownColors(many).shape, [2, 3, 1, 1]);
});

testTensor("fractions are rounded, and what lies outside a byte is limited", () => {
  const shown = shownColors(image(-3, 1.6, 300));
  assertEquals([shown.dtype, shown.toList()], ["uint8", [[[0]], [[2]], [[255]]]]);
});
