import "../../native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { decodeImage } from "../../../src/data/codec/decode.ts";

/** A BMP to write; sizes of headers are those of OS/2 (12), Windows 3 (40) and later ones. */
interface BmpToWrite {
  readonly header?: number;
  readonly width?: number;
  readonly height?: number;
  readonly bits: number;
  readonly compression?: number;
  /** Red, green, blue and alpha. */
  readonly masks?: readonly number[];
  /** Blue, green and red of each colour, as the header has them. */
  readonly palette?: readonly number[];
  /** How many colours the header tells. */
  readonly colours?: number;
  /** Where the header says that pixels begin, where that is not where they do. */
  readonly start?: number;
  readonly data: readonly number[];
}

function writeBmp(image: BmpToWrite): Uint8Array<ArrayBuffer> {
  const {
    header = 40,
    width = 2,
    height = 1,
    bits,
    compression = 0,
    masks = [],
    palette = [],
    colours = 0,
    data,
  } = image;
  const behind = header === 40 ? 4 * masks.length : 0;
  const begin = 14 + header + behind + palette.length;
  const bytes = new Uint8Array(begin + data.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(10, image.start ?? begin, true);
  view.setUint32(14, header, true);
  if (header === 12) {
    [width, height, 1, bits].forEach((value, i) => view.setUint16(18 + 2 * i, value, true));
  } else {
    view.setInt32(18, width, true);
    view.setInt32(22, height, true);
    view.setUint16(26, 1, true);
    view.setUint16(28, bits, true);
    view.setUint32(30, compression, true);
    view.setUint32(46, colours, true);
  }
  masks.forEach((mask, i) => view.setUint32(54 + 4 * i, mask, true));
  bytes.set(palette, begin - palette.length);
  bytes.set(data, begin);
  return bytes;
}

const pixels = async (
  image: BmpToWrite,
  channels = 3,
) => [...(await decodeImage(writeBmp(image), { channels })).pixels];

const column = { width: 1, height: 2, bits: 24, data: [3, 2, 1, 0, 6, 5, 4] }; // the last row unpadded

Deno.test("rows come from below, or from above where the height is negative, blue first", async () => {
  assertEquals(await pixels(column), [4, 5, 6, 1, 2, 3]);
  assertEquals(await pixels({ ...column, height: -2 }), [1, 2, 3, 4, 5, 6]);
  assertEquals(await pixels({ ...column, header: 12 }), [4, 5, 6, 1, 2, 3]);
  await assertRejects(() => pixels({ ...column, data: column.data.slice(1) }), Error, "cut off");
});

Deno.test("palettes have three or four bytes a colour, as many as are told, and pixels follow them", async () => {
  const four = [30, 20, 10, 0, 60, 50, 40, 0, 90, 80, 70, 0];
  const three = four.filter((_, i) => i % 4 < 3);
  const data = [0x20, 0, 0, 0];
  const seen = [70, 80, 90, 10, 20, 30];
  const indexed = { bits: 4, colours: 3, palette: four, data };
  assertEquals(await pixels(indexed), seen);
  for (const start of [0, 54]) assertEquals(await pixels({ ...indexed, start }), seen);
  const whole = [...three, ...Array(3 * 13).fill(0)];
  assertEquals(await pixels({ header: 12, bits: 4, palette: whole, data }), seen);
  assertEquals(
    await pixels({ bits: 2, palette: [...four, 0, 0, 0, 0], data: [0b10_00_0000, 0, 0, 0] }),
    seen,
  );
  const bits = [...four.slice(0, 4), ...four.slice(4, 8)];
  assertEquals(await pixels({ bits: 1, palette: bits, data: [0b0100_0000, 0, 0, 0] }), [
    10,
    20,
    30,
    40,
    50,
    60,
  ]);
});

Deno.test("beyond its palette a pixel is black, or its own number where the palette is a ramp of gray, as in Pillow", async () => {
  const ramp = (count: number) =>
    Array.from({ length: 4 * count }, (_, i) => i % 4 < 3 ? i >> 2 : 0);
  const gray = { bits: 8, colours: 3, palette: ramp(3), data: [2, 200, 0, 0] };
  assertEquals(await pixels(gray), [2, 2, 2, 200, 200, 200]);
  assertEquals(await pixels({ ...gray, colours: 16, palette: ramp(16) }, 1), [2, 200]);
  const runs = { ...gray, compression: 1, data: [1, 2, 1, 200, 0, 1] };
  assertEquals(await pixels(runs), [2, 2, 2, 200, 200, 200]);
  const other = ramp(3).with(9, 3);
  assertEquals(await pixels({ ...gray, palette: other }), [2, 3, 2, 0, 0, 0]);
});

Deno.test("pixels of 16 and 32 bits are read by their masks, or without any as Windows does", async () => {
  const two = (a: number, b: number) => [a & 255, a >> 8, b & 255, b >> 8];
  assertEquals(
    await pixels({ bits: 16, data: two(0b0_11111_00001_00000, 0b0_00000_10000_11111) }),
    [255, 8, 0, 0, 131, 255],
  );
  const masks565 = { bits: 16, compression: 3, masks: [0xf800, 0x7e0, 0x1f] };
  assertEquals(
    await pixels({ ...masks565, data: two(0b11111_000001_00000, 0b00000_100000_11111) }),
    [255, 4, 0, 0, 129, 255],
  );
  const data = [3, 2, 1, 9, 6, 5, 4, 255];
  assertEquals(await pixels({ bits: 32, data }, 4), [1, 2, 3, 255, 4, 5, 6, 255]);
  const named = { header: 108, bits: 32, compression: 3, data };
  assertEquals(await pixels({ ...named, masks: [0xff0000, 0xff00, 0xff, 0xff000000] }, 4), [
    1,
    2,
    3,
    9,
    4,
    5,
    6,
    255,
  ]);
  const narrow = {
    ...named,
    masks: [0x7c00, 0x3e0, 0x1f, 0x8000],
    data: [0x1f, 0xfc, 0, 0, 0, 0x7c, 0, 0],
  };
  assertEquals(await pixels(narrow, 4), [255, 0, 255, 255, 255, 0, 0, 0]);
  assertEquals(await pixels({ ...named, masks: [0, 0, 0, 0] }, 4), [1, 2, 3, 9, 4, 5, 6, 255]);
  assertEquals(await pixels({ ...named, header: 52, masks: [0xff, 0xff00, 0xff0000] }, 4), [
    3,
    2,
    1,
    255,
    6,
    5,
    4,
    255,
  ]);
});

Deno.test("runs take the place of rows, and other compressions are refused by name", async () => {
  const palette = Array.from({ length: 1024 }, (_, i) => i >> 2);
  assertEquals(await pixels({ bits: 8, compression: 1, palette, data: [2, 7, 0, 1] }, 1), [7, 7]);
  const short = Array.from({ length: 64 }, (_, i) => i >> 2);
  assertEquals(
    await pixels({ bits: 4, compression: 2, palette: short, data: [2, 0x12, 0, 1] }, 1),
    [1, 2],
  );
  for (const [bits, compression] of [[8, 2], [4, 1], [8, 3], [24, 4], [2, 1], [3, 0]]) {
    await assertRejects(
      () => pixels({ bits, compression, data: Array(99).fill(0) }),
      Error,
      `BMP with ${bits} bits a pixel and compression ${compression} is not read`,
    );
  }
  await assertRejects(
    () => pixels({ header: 41, bits: 24, data: Array(99).fill(0) }),
    Error,
    "a header of 41 bytes",
  );
});
