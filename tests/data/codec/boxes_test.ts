import { assertEquals, assertThrows } from "@std/assert";
import { readBoxes } from "../../../src/data/codec/boxes.ts";

const bytes = (value: number, count: number) =>
  Array.from({ length: count }, (_, i) => Math.floor(value / 2 ** (8 * (count - 1 - i))) & 255);
const letters = (type: string) => [...new TextEncoder().encode(type)];
const box = (size: number, type: string, content = 0) => [
  ...bytes(size, 4),
  ...letters(type),
  ...Array<number>(content).fill(7),
];

/** The boxes of these bytes from a place on: type, begin and end. */
function boxes(content: number[], from = 0, to = content.length) {
  const view = new DataView(Uint8Array.from(content).buffer);
  return readBoxes(view, from, to).map(({ type, start, end }) => [type, start, end]);
}

Deno.test("boxes follow each other, large ones tell their size behind their type, and the last may reach to the end", () => {
  const long = [...box(1, "long"), ...bytes(20, 8), 1, 2, 3, 4];
  const all = [...box(11, "abcd", 3), ...long, ...box(8, "none"), ...box(0, "rest", 5)];
  const found = [["abcd", 8, 11], ["long", 27, 31], ["none", 39, 39], ["rest", 47, 52]];
  assertEquals(boxes(all), found);
  assertEquals(boxes([9, 9, ...all], 2).map(([type]) => type), ["abcd", "long", "none", "rest"]);
  assertEquals(boxes(all, 0, 38), found.slice(0, 2), "seven bytes are no box");
  assertEquals(boxes(all, 0, 39), found.slice(0, 3), "eight are");
});

Deno.test("a box that is cut off ends with its file, and one smaller than its head is refused", () => {
  assertEquals(boxes(box(99, "abcd", 3)), [["abcd", 8, 11]]);
  assertThrows(() => boxes(box(7, "abcd", 3)), Error, "a box of 7 bytes");
  assertThrows(() => boxes([...box(1, "abcd"), ...bytes(15, 8)]), Error, "a box of 15 bytes");
});

Deno.test("ten thousand boxes are looked at, and no more", () => {
  assertEquals(boxes(Array(10_001).fill(box(8, "none")).flat()).length, 10_000);
});
