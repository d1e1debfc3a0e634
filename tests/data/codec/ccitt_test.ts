import "../../native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { unpackFax } from "../../../src/data/codec/ccitt.ts";
import { decodeImage } from "../../../src/data/codec/decode.ts";

Deno.test("runs of every length that has a code are read, white and black, as libtiff writes them", async () => {
  // By Pillow, save(compression="group3"): each row is white, then black as long, then white.
  const bytes = await Deno.readFile(new URL("../images/runs.tif", import.meta.url));
  const { width, pixels } = await decodeImage(bytes, { channels: 1 });
  const runs = Array.from({ length: 104 }, (_, i) => i < 64 ? i : 64 * (i - 63));
  assertEquals(pixels.length, width * runs.length);
  for (const [y, run] of runs.entries()) {
    const expected = new Uint8Array(width).fill(255).fill(0, run, 2 * run);
    assertEquals(pixels.subarray(y * width, (y + 1) * width), expected, `runs of ${run}`);
  }
});

/** The rows of a picture of eight columns whose codes are these digits. */
function rowsOf(digits: string, { rows = 1, group = 3 }: { rows?: number; group?: number } = {}) {
  const bytes = digits.replaceAll(" ", "").match(/.{1,8}/g) ?? [];
  const data = Uint8Array.from(bytes, (byte) => parseInt(byte.padEnd(8, "0"), 2));
  return [...unpackFax(data, { columns: 8, rows, group })];
}

const WHITE_2 = "0111", BLACK_6 = "0010", WHITE_8 = "10011", END_OF_LINE = "000000000001";

Deno.test("ends of lines may be missing, or be filled with zeros to any length", () => {
  const found = [0b0011_1111, 0];
  const first = WHITE_2 + BLACK_6;
  assertEquals(rowsOf(first + WHITE_8, { rows: 2 }), found);
  for (const fill of ["", "0", "0000000"]) {
    const end = fill + END_OF_LINE;
    assertEquals(rowsOf(end + first + end + WHITE_8, { rows: 2 }), found);
  }
});

Deno.test("edges that lead back or out of the picture, unknown codes and data that end early are refused", () => {
  const row = `001 ${WHITE_2} 10 1`; // by its runs: 2 white, 3 black; then white to the edge above, the end
  const four = (digits: string, rows = 1) => rowsOf(digits, { rows, group: 4 });
  assertEquals(four(`${row} 011 010 1`, 2), [0b0011_1000, 0b0001_0000]); // one right and one left of those above
  const refused: [codes: string, rows: number, reason: string][] = [
    ["011", 1, "the fax data are damaged"], // one right of the end
    [`${row} 011 0000010`, 2, "the fax data are damaged"], // to the third column and back
    [`${row} 0000000`, 2, "damaged or end early"],
    [row, 3, "damaged or end early"],
  ];
  for (const [codes, rows, reason] of refused) {
    assertThrows(() => four(codes, rows), Error, reason);
  }
});
