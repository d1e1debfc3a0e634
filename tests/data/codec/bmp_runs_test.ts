import { assertEquals } from "@std/assert";
import { unpackRuns } from "../../../src/data/codec/bmp_runs.ts";

/** The pixels of runs in a picture of five columns and three rows. */
function unpack(runs: number[], isHalf = false): number[] {
  return [...unpackRuns(Uint8Array.from(runs), { width: 5, height: 3, isHalf })];
}

Deno.test("runs, ends of lines and of the picture, moves and pixels as they are fill it from its first place", () => {
  const line = [3, 7, 0, 0]; // three of 7, then the next line
  assertEquals(unpack([...line, 0, 1]), [7, 7, 7, 0, 0]);
  assertEquals(unpack([...line, 5, 8, 0, 1, 9, 9]), [7, 7, 7, 0, 0, 8, 8, 8, 8, 8]);
  assertEquals(unpack([1, 1, 0, 2, 2, 1, 1, 2, 0, 1]), [1, 0, 0, 0, 0, 0, 0, 0, 2]);
  assertEquals(
    unpack([0, 3, 4, 5, 6, 0, 1, 9, 0, 1]),
    [4, 5, 6, 9],
    "three as they are, and one to an even place",
  );
  assertEquals(unpack([0, 4, 1, 2, 3, 4, 1, 9]), [1, 2, 3, 4, 9]);
});

Deno.test("two pixels of a byte take turns", () => {
  assertEquals(unpack([5, 0x12, 0, 1], true), [1, 2, 1, 2, 1]);
  assertEquals(unpack([0, 5, 0x12, 0x34, 0x50, 0, 0, 0, 2, 0x67], true), [1, 2, 3, 4, 5, 6, 7]);
});

Deno.test("runs beyond a line or the picture are cut, and those that end early leave the rest", () => {
  assertEquals(unpack([9, 3, 0, 0, 1, 4]), [3, 3, 3, 3, 3, 4]);
  assertEquals(unpack([5, 1, 0, 0, 5, 2, 0, 0, 5, 3, 5, 4]), [
    1,
    1,
    1,
    1,
    1,
    2,
    2,
    2,
    2,
    2,
    3,
    3,
    3,
    3,
    3,
  ]);
  assertEquals([unpack([2, 6, 3]), unpack([2, 6, 0, 9, 1])], [[6, 6], [6, 6]]);
});
