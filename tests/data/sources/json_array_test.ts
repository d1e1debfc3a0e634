import { assertEquals, assertThrows } from "@std/assert";
import { readJsonArray } from "../../../src/data/sources/json_array.ts";

/** The elements of an array whose text comes in chunks of so many characters. */
const read = (
  text: string,
  size: number,
) => [...readJsonArray(text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [])];

Deno.test("an array is read as JSON.parse reads it, wherever its text is cut", () => {
  const odd = [",", "]", '"', "\\", '\\"', "[,", "{", "ü😀", "\n"];
  const some = { a: odd, b: { "[,]": null }, c: [1, [2, { d: [] }]] };
  const text = JSON.stringify([...odd, some, true, -1.5], null, 1);
  for (const size of [1, 2, 7, 1000]) assertEquals(read(text, size), JSON.parse(text));
  assertEquals([read("[]", 1), read(" [ ]\n", 2)], [[], []]);
});

Deno.test("a long array is read part by part, and refused where it is none", () => {
  const rows = Array.from({ length: 10_000 }, (_, i) => ({ path: `${i},].png`, label: [i] }));
  const text = JSON.stringify([...rows, ...rows]);
  assertEquals(read(text, 1000), [...rows, ...rows]);
  const row = `"${"x".repeat(2 ** 18)}"`;
  assertEquals(read(`[${row},${row}]`, 1000).length, 2);
  for (
    const wrong of ["", "[", "[1", "[1,]", "[1,,2]", "[1] 2", '["]', `[${row},]`, `[${row},,1]`]
  ) {
    assertThrows(() => read(wrong, 1000), SyntaxError);
  }
});
