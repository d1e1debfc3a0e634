import { assertEquals, assertThrows } from "@std/assert";
import { LzwStrings } from "../../../src/data/codec/lzw.ts";

const [CLEAR, END] = [4, 5]; // of codes of two bits

/** What codes of two bits and more stand for, in an output of a size; `CLEAR` clears the table. */
function unpack(codes: readonly number[], size = 100): number[] {
  const strings = new LzwStrings(size, 2);
  assertEquals([strings.clearCode, strings.endCode], [CLEAR, END]);
  for (const code of codes) code === CLEAR ? strings.clear() : strings.write(code);
  assertEquals(strings.isFull, strings.length === size);
  return [...strings.output.subarray(0, strings.length)];
}

Deno.test("each code stands for the string before it and a byte more, one not yet known for that byte twice", () => {
  assertEquals(unpack([1, 2, 6, 8]), [1, 2, 1, 2, 1, 2, 1]); // 6 is 12, 7 is 21, 8 is 121
  assertEquals(unpack([3, 6, 7, 6]), [3, 3, 3, 3, 3, 3, 3, 3]);
  assertEquals(unpack([1, 2, 6, CLEAR, 3, 2, 6]), [1, 2, 1, 2, 3, 2, 3, 2]);
  assertEquals(unpack([1, 2, 6, 8], 5), [1, 2, 1, 2, 1]);
});

Deno.test("codes that are not defined yet are refused, at the beginning and after the table is cleared", () => {
  for (const codes of [[6], [1, 7], [1, 2, CLEAR, 6], [1, 2, 6, CLEAR, 1, 7]]) {
    assertThrows(() => unpack(codes), Error, "a code without a meaning");
  }
});

Deno.test("a full table of 4,096 codes stays as it is", () => {
  const strings = new LzwStrings(20_000, 2);
  for (let i = 0; strings.next < 4096; i++) strings.write(i % 4);
  for (let i = 0; i < 10; i++) strings.write(3);
  assertEquals(strings.next, 4096);
  const before = strings.length;
  strings.write(4095);
  assertEquals(strings.length - before, 2);
});
