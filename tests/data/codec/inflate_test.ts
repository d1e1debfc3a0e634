import { assertEquals, assertThrows } from "@std/assert";
import { deflateSync } from "node:zlib";
import { inflate } from "../../../src/data/codec/inflate.ts";

const text = new TextEncoder().encode("as much as is wanted, and no more");
const packed = new Uint8Array(deflateSync(text));
const found = (data: Uint8Array, size = text.length) => {
  const { bytes, hasWrongChecksum } = inflate(data, size);
  return [new TextDecoder().decode(bytes), hasWrongChecksum];
};
const whole = "as much as is wanted, and no more";

Deno.test("what is wanted is unpacked, surplus is left, and a stream that ends early gives what it holds", () => {
  assertEquals(found(packed), [whole, false]);
  assertEquals(found(packed, 7), ["as much", false]);
  assertEquals(found(packed, 99), [whole, false]);
  assertEquals(found(Uint8Array.from([...packed, 1, 2, 3])), [whole, false]);
  const [early] = found(packed.subarray(0, packed.length - 12));
  assertEquals(whole.startsWith(String(early)), true);
});

Deno.test("a wrong checksum is told where it is of these bytes, a missing one or one of more bytes is not", () => {
  const wrong = packed.with(packed.length - 1, packed.at(-1)! ^ 1);
  assertEquals(found(wrong), [whole, true]);
  assertEquals(found(packed.subarray(0, -4)), [whole, false]);
  assertEquals(found(packed.subarray(0, -1)), [whole, false]);
  assertEquals(found(wrong, 7), ["as much", false]);
});

Deno.test("what is no zlib stream, or is damaged, is refused", () => {
  const damaged = packed.with(2, packed[2] | 6); // a block of a kind that there is not
  for (
    const data of [
      damaged,
      packed.with(0, 0x79),
      packed.with(1, packed[1] ^ 1),
      packed.subarray(0, 1),
    ]
  ) {
    assertThrows(() => inflate(data, 99), Error, "its compressed data are damaged");
  }
});

Deno.test("damage behind what is wanted is passed over, as Pillow does, and damage before its end is not", () => {
  const wanted = Uint8Array.from({ length: 100 }, (_, i) => 7 * i);
  // A block of bytes as they are, and the beginning of one of a kind that there is not (RFC 1951, 3.2.3).
  const stream = (count: number) => {
    const bytes = [...wanted, 1, 2, 3].slice(0, count);
    return Uint8Array.of(0x78, 1, 0, count, 0, 255 - count, 255, ...bytes, 7);
  };
  for (const count of [103, 101]) {
    const { bytes, hasWrongChecksum } = inflate(stream(count), 100);
    assertEquals([[...bytes], hasWrongChecksum], [[...wanted], false]);
  }
  for (const count of [100, 99]) {
    assertThrows(() => inflate(stream(count), 100), Error, "its compressed data are damaged");
  }
  assertThrows(() => inflate(stream(103), 2 ** 33), Error, "its compressed data are damaged");
});

Deno.test("a thousand bytes from each are unpacked, as blank pictures pack, and what is far beyond is not made room for", () => {
  const blank = new Uint8Array(deflateSync(new Uint8Array(4_000_000), { level: 9 }));
  assertEquals(Math.round(4_000_000 / blank.length / 100), 10);
  assertEquals(inflate(blank, 4_000_000).bytes.length, 4_000_000);
  assertEquals(inflate(blank, 2 ** 33).bytes.length, 4_000_000); // of which the file cannot hold more
});
