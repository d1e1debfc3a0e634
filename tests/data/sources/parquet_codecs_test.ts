import { assertEquals, assertThrows } from "@std/assert";
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { pageCodecs, unpackSnappy } from "../../../src/data/sources/parquet_codecs.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const literal = (words: string) => [4 * (words.length - 1), ...new TextEncoder().encode(words)];

Deno.test("snappy is unpacked: runs of any length, copies by one, two and four bytes, copies of what they write", () => {
  const long = "x".repeat(70);
  const packed = [99, ...literal("abcd"), 0b001 | 4, 4, 0b010 | 4, 2, 0, 0b011 | 8, 1, 0, 0, 0];
  assertEquals(
    text(unpackSnappy(Uint8Array.from(packed), 14)),
    "abcd" + "abcda" + "da" + "aaa",
  );
  const run = [70, 60 * 4, 69, ...new TextEncoder().encode(long)];
  assertEquals(text(unpackSnappy(Uint8Array.from(run), 70)), long);
  const varied = Uint8Array.from({ length: 1500 }, (_, i) => i * 7 ^ i >> 4);
  const size = 1500 - 1; // of a run, in two bytes
  const head = [224, 11, 61 * 4, size & 255, size >> 8, ...varied];
  for (const [copy, back] of [[[0b010_000_01, 44], 556], [[0b000_011_10, 0x20, 3], 800]] as const) {
    const expected = [...varied, ...varied.subarray(1500 - back, 1504 - back)];
    assertEquals([...unpackSnappy(Uint8Array.from([...head, ...copy]), 1504)], expected);
  }
  assertEquals(unpackSnappy(Uint8Array.of(0), 0).length, 0);
});

Deno.test("damaged snappy is refused, and nothing is read or written outside", () => {
  for (
    const [packed, size] of [
      [[4, ...literal("abcd")], 5],
      [[4, ...literal("abcd")], 3],
      [[4, 4 * 9, 97], 10],
      [[8, ...literal("abcd"), 0b001, 5], 8],
      [[8, ...literal("abcd"), 0b001, 0], 8],
      [[8, ...literal("abcd"), 0b001], 8],
      [[255, 255], 1],
    ] as [number[], number][]
  ) {
    assertThrows(
      () => unpackSnappy(Uint8Array.from(packed), size),
      Error,
      "damaged",
    );
  }
});

Deno.test("a page that says that it is huge takes no memory", async () => {
  for (const unpack of Object.values(await pageCodecs())) {
    assertThrows(() => unpack!(new Uint8Array(8), 2 ** 31), Error, "unpacks to 2147483648 bytes");
  }
});

Deno.test("a page that unpacks to more than it says is refused", async () => {
  const { GZIP, ZSTD, BROTLI } = await pageCodecs();
  const blanks = new Uint8Array(1000);
  const pack = { gzipSync, zstdCompressSync, brotliCompressSync };
  for (
    const [unpack, packed] of [
      [GZIP, pack.gzipSync(blanks)],
      [ZSTD, pack.zstdCompressSync(blanks)],
      [BROTLI, pack.brotliCompressSync(blanks)],
    ] as const
  ) {
    assertEquals(unpack!(new Uint8Array(packed), 1000).length, 1000);
    assertThrows(() => unpack!(new Uint8Array(packed), 999));
  }
});
