import { assertEquals, assertThrows } from "@std/assert";
import { inflate } from "../../../src/data/codec/inflate.ts";

const wanted = Uint8Array.from({ length: 100 }, (_, i) => 7 * i);
/** A block of bytes as they are, the first of a stream, and one of a kind that there is not (RFC 1951, 3.2.3). */
const block = (bytes: Uint8Array) => [0, bytes.length, 0, 255 - bytes.length, 255, ...bytes];
const NO_BLOCK = 7;

Deno.test("damage behind the bytes that are wanted is passed over, as Pillow does, and damage before is not", () => {
  const stream = (count: number) =>
    Uint8Array.of(
      0x78,
      1,
      ...block(Uint8Array.of(...wanted, 1, 2, 3).subarray(0, count)),
      NO_BLOCK,
    );
  for (const count of [103, 101]) {
    const { bytes, hasWrongChecksum } = inflate(stream(count), 100);
    assertEquals([[...bytes], hasWrongChecksum], [[...wanted], false]);
  }
  for (const count of [100, 99]) {
    assertThrows(() => inflate(stream(count), 100), Error, "its compressed data are damaged");
  }
});
