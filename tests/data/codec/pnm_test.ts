import "../../native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { decodeImage } from "../../../src/data/codec/decode.ts";

/** The samples of a file of this text, and of these bytes behind it. */
async function pixels(text: string, data: readonly number[] = [], channels = 1): Promise<number[]> {
  const bytes = Uint8Array.from([...new TextEncoder().encode(text), ...data]);
  return [...(await decodeImage(bytes, { channels })).pixels];
}

Deno.test("numbers in digits may have comments and any space between them, and none where they are bits", async () => {
  assertEquals(await pixels("P1\n# made by\n2 # wide\n2\n10 0\n1"), [0, 255, 255, 0]);
  assertEquals(await pixels("P2 3\t1\r\n255 0 7 # seven\n255"), [0, 7, 255]);
  assertEquals(await pixels("P3 1 1 255\n1 2 3", [], 3), [1, 2, 3]);
  // Within a number, as in Pillow, where what ends the comment does not end the number.
  assertEquals(await pixels("P2 +2 1#\n 2#\r55#\n 1#c\n2 8#"), [12, 8]);
  assertEquals(await pixels("P2 2 1 255 1#c\r\n2"), [1, 2]);
});

Deno.test("rows of bits begin at byte boundaries, and 1 is black", async () => {
  assertEquals(await pixels("P4 3 2 ", [0b010_11111, 0b101_00000]), [255, 0, 255, 0, 255, 0]);
  assertEquals(
    await pixels("P5 2 1 255\n", [32, 35]),
    [32, 35],
    "what looks like space or a comment is data",
  );
});

Deno.test("the file's greatest number is white, halves go to even ones, and gray above 255 keeps its precision", async () => {
  assertEquals(await pixels("P2 4 1 2 0 1 2 1"), [0, 128, 255, 128]); // 127.5
  assertEquals(await pixels("P2 2 1 170 1 3"), [2, 4]); // 1.5 and 4.5
  assertEquals(await pixels("P5 2 1 1 ", [0, 1]), [0, 255]);
  const deep = await pixels("P5 3 1 1000 ", [0, 0, 1, 244, 3, 232]);
  assertEquals(deep, [...Float32Array.of(0, 32768 * (255 / 65535), 255)]);
  assertEquals(await pixels("P6 1 1 1000 ", [0, 0, 1, 244, 3, 232], 3), [0, 128, 255]);
});

Deno.test("files that are cut off, or hold what their header does not allow, are refused", async () => {
  const refused: [text: string, data: number[], reason: string][] = [
    ["P5 2 2 255 ", [1, 2, 3], "the file is cut off"],
    ["P2 2 1 255 7", [], "the file is cut off"],
    ["P2 1 1 9 10", [], "a sample of 10 where 9 is white"],
    ["P2 1 1 9 x", [], "something else than numbers"],
    ["P5 1 1 0 ", [0], "says that 0 is white"],
    ["P5 1 1 65536 ", [0, 0], "says that 65536 is white"],
    ["P5 a 1 255 ", [0], "holds no numbers"],
    ["P5 + 1 255 ", [0], "holds no numbers"],
    ["P5 00000000001 1 255 ", [0], "holds no numbers"],
  ];
  for (const [text, data, reason] of refused) {
    await assertRejects(() => pixels(text, data), Error, reason);
  }
  assertEquals(await pixels("P5 1 1 65535 ", [255, 255]), [255]);
});
