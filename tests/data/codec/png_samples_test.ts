import { assertEquals, assertThrows } from "@std/assert";
import { concat } from "@std/bytes/concat";
import { deflateSync } from "node:zlib";
import { pngChunk } from "../../../src/data/codec/png_chunks.ts";
import { readPngSamples } from "../../../src/data/codec/png_samples.ts";
import { Stream } from "../../../src/random/stream.ts";
import { writePng } from "./write_png.ts";

const LIMIT = 1e6;

function random(count: number, bits: number): number[] {
  const stream = new Stream(0, "png", count, bits);
  return Array.from({ length: count }, () => stream.integer(0, 2 ** bits - 1));
}

for (const bits of [1, 2, 4, 8, 16] as const) {
  Deno.test(`gray samples of ${bits} bits come back exactly, under every filter`, () => {
    const values = random(13 * 11, bits);
    const samples = readPngSamples(writePng({ width: 13, height: 11, bits, values }), LIMIT);
    assertEquals([samples.width, samples.height, samples.channels], [13, 11, 1]);
    assertEquals([...samples.values], values);
  });
}

for (const bits of [2, 8] as const) {
  Deno.test(`a palette of ${bits} bits gives its indices, not its colours`, () => {
    const values = random(7 * 6, bits);
    const png = writePng({ width: 7, height: 6, bits, type: 3, values });
    assertEquals([...readPngSamples(png, LIMIT).values], values);
  });
}

Deno.test("every channel comes back", () => {
  for (const [type, channels] of [[2, 3], [4, 2], [6, 4]] as const) {
    for (const bits of [8, 16] as const) {
      const values = random(5 * 7 * channels, bits);
      const samples = readPngSamples(writePng({ width: 5, height: 7, bits, type, values }), LIMIT);
      assertEquals(samples.channels, channels);
      assertEquals([...samples.values], values);
    }
  }
});

Deno.test("interlaced samples come back exactly, whatever the size", () => {
  for (const [width, height] of [[1, 1], [3, 2], [8, 8], [13, 9]]) {
    for (const bits of [1, 4, 8, 16] as const) {
      const values = random(width * height, bits);
      const samples = readPngSamples(
        writePng({ width, height, bits, interlaced: true, values }),
        LIMIT,
      );
      assertEquals([...samples.values], values, `${width}x${height}, ${bits} bits`);
    }
  }
});

Deno.test("samples of files that Pillow wrote are the numbers it wrote", async () => {
  const folder = new URL("../images/", import.meta.url);
  const read = async (name: string) =>
    readPngSamples(await Deno.readFile(new URL(name, folder)), LIMIT).values;
  const [palette, gray] = [await read("palette.png"), await read("gray16.png")];
  assertEquals(Array.from(palette.subarray(0, 8)), [9, 9, 9, 3, 3, 3, 3, 2]);
  assertEquals(Array.from(gray.subarray(0, 4)), [42317, 43597, 45133, 46157]);
});

Deno.test("other, damaged, cut off and oversized files say what is wrong", () => {
  const png = writePng({ width: 4, height: 3, values: random(12, 8) });
  const read = (bytes: Uint8Array) => () => readPngSamples(bytes, LIMIT);
  assertThrows(read(new Uint8Array(20)), Error, "not a PNG");
  for (const end of [9, 30, png.length - 1]) {
    assertThrows(read(png.subarray(0, end)), Error, "the PNG is cut off");
  }
  assertThrows(read(png.with(45, png[45] ^ 1)), Error, "the PNG is damaged (checksum of IDAT)");
  const unlike = writePng({ width: 4, height: 3, values: random(12, 8), hasWrongChecksum: true });
  assertThrows(read(unlike), Error, "the PNG is damaged (checksum of its samples)");
  assertThrows(() => readPngSamples(png, 11), Error, "4x3 pixels exceed the limit of 11");
  const short = writePng({ width: 4, height: 3, values: random(12, 8) });
  const taller = writePng({ width: 4, height: 4, values: random(16, 8) });
  const swapped = Uint8Array.from([...taller.subarray(0, 33), ...short.subarray(33)]);
  assertThrows(read(swapped), Error, "the PNG is damaged (rows are missing)");
  const header = png.slice(16, 29);
  const rows = deflateSync(Uint8Array.from([5, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4]));
  const chunks = [pngChunk("IHDR", header), pngChunk("IDAT", rows), pngChunk("IEND")];
  assertThrows(read(concat([png.subarray(0, 8), ...chunks])), Error, "damaged (filter 5)");
});

Deno.test("depths that a colour type does not allow, and unknown filters, are refused", () => {
  const png = writePng({ width: 1, height: 1, values: [0] });
  const read = (bits: number, type: number, filters = 0) => {
    const header = png.slice(16, 29);
    header.set([bits, type, 0, filters], 8);
    return () =>
      readPngSamples(concat([png.subarray(0, 8), pngChunk("IHDR", header), png.subarray(33)]), 9);
  };
  const depths = [[3, 0], [32, 0], [4, 2], [16, 3], [4, 4], [2, 6], [8, 1], [8, 5], [8, 7]];
  for (const [bits, type] of depths) {
    const reason = `the PNG header says 1x1, colour type ${type}, ${bits} bits`;
    assertThrows(read(bits, type), Error, reason);
  }
  assertThrows(read(8, 0, 1), Error, "the PNG header says");
  assertEquals([...read(8, 0)().values], [0]);
});
