import "../../native.ts";
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { decodeImage } from "../../../src/data/codec/decode.ts";
import { exifOf } from "../../../src/data/codec/orientation.ts";
import { encodeJpeg } from "../../../src/data/codec/encode_jpeg.ts";

Deno.test("colours and grays come back within two levels, side by side colours too", async () => {
  for (const channels of [1, 3]) {
    const colours = channels === 1 ? [[10], [200]] : [[250, 20, 30], [20, 40, 240]];
    const pixels = Uint8Array.from({ length: 16 * 16 }, (_, i) => i % 16 < 8 ? 0 : 1);
    const values = Uint8Array.from([...pixels].flatMap((side) => colours[side]));
    const bytes = new Uint8Array(await encodeJpeg({ width: 16, height: 16, pixels: values }));
    const found = await decodeImage(bytes, { channels });
    assertEquals(found.pixels.length, values.length);
    assert(found.pixels.every((value, i) => Math.abs(value - values[i]) <= 2));
  }
});

/** The segments of a file up to its scan, each right behind the one before. */
function segments(bytes: Uint8Array): Map<number, Uint8Array[]> {
  const found = new Map<number, Uint8Array[]>();
  for (let at = 2; bytes[at + 1] !== 0xda;) {
    assertEquals(bytes[at], 0xff, `no marker at ${at}`);
    const end = at + 2 + (bytes[at + 2] << 8 | bytes[at + 3]);
    found.set(bytes[at + 1], [...found.get(bytes[at + 1]) ?? [], bytes.subarray(at + 4, end)]);
    at = end;
  }
  return found;
}

Deno.test("files are baseline, of the standard's tables at quality 95, with every colour; EXIF stands in a segment", async () => {
  const pixels = Uint8Array.from({ length: 16 * 16 * 3 }, (_, i) => i % 256);
  const found = segments(await encodeJpeg({ width: 16, height: 16, pixels }, exifOf(6)));
  const tables = [0, 65].flatMap((at) => [...found.get(0xdb)![0].subarray(at + 1, at + 9)]);
  const standard = [[16, 11, 12, 14, 12, 10, 16, 14], [17, 18, 18, 24, 21, 24, 47, 26]].flat(); // T.81, K.1, zigzag
  assertEquals(tables, standard.map((value) => Math.floor((10 * value + 50) / 100)));
  assertEquals([...found.get(0xc0)![0]].slice(5), [3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1]);
  const [exif] = found.get(0xe1)!;
  assertEquals([...exif], [...new TextEncoder().encode("Exif\0\0"), ...exifOf(6)]);
});

Deno.test("codes are fitted to the image, and EXIF data may be longer than 255 bytes", async () => {
  const pixels = Uint8Array.from({ length: 16 * 16 }, (_, i) => i % 256);
  const found = segments(await encodeJpeg({ width: 16, height: 16, pixels }, new Uint8Array(700)));
  assertEquals(found.get(0xe1)![0].length, 706);
  const standard = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]; // codes by length in T.81, K.3
  assertNotEquals([...found.get(0xc4)![0].subarray(1, 17)], standard);
});
