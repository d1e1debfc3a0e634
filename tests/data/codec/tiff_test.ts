import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { deflateSync } from "node:zlib";
import "../../native.ts";
import { decodeImage } from "../../../src/data/codec/decode.ts";
import { writeTiff } from "./write_tiff.ts";

const values = [10, 20, 30, 40, 50, 60];
const gray = { width: 3, height: 2, samples: 1, values };
const packed = new Uint8Array(deflateSync(Uint8Array.from(values)));
const deflated = { ...gray, stored: packed };

async function pixels(image: Parameters<typeof writeTiff>[0], channels = 1): Promise<number[]> {
  return [...(await decodeImage(writeTiff(image), { channels })).pixels];
}

async function refused(image: Parameters<typeof writeTiff>[0], reason: string): Promise<void> {
  await assertRejects(() => pixels(image), Error, reason);
}

Deno.test("a strip whose length is not told goes to the end of the file", async () => {
  assertEquals(await pixels({ ...deflated, tags: { 259: [8] } }), values);
  assertEquals(await pixels({ ...deflated, tags: { 259: [8], 279: [] } }), values);
  const rows = [0, 3].map((at) =>
    new Uint8Array(deflateSync(Uint8Array.from(values.slice(at, at + 3))))
  );
  const stored = Uint8Array.from([...rows[0], ...rows[1]]);
  const tags = { 259: [8], 278: [1], 273: [8, 8 + rows[0].length], 279: [rows[0].length] };
  assertEquals(await pixels({ ...gray, stored, tags }), values);
});

Deno.test("a fourth sample of colours is alpha where nothing or that is said, premultiplied in compressed planes, and none where it is unspecified", async () => {
  const rgba = { width: 1, height: 1, samples: 4, photometric: 2, values: [200, 100, 50, 77] };
  const alpha = async (...extra: number[]) => await pixels({ ...rgba, tags: { 338: extra } }, 2);
  assertEquals(await alpha(), [124, 77]);
  assertEquals([await alpha(2), await alpha(999)], [[124, 77], [124, 77]]);
  assertEquals(await alpha(0), [124, 255]);
  const whole = [200, 100, 50].map((value) => Math.min(255, Math.trunc(255 * value / 77)));
  assertEquals(await pixels({ ...rgba, tags: { 338: [1] } }, 4), [...whole, 77]);
  assertEquals(await pixels({ ...rgba, isPlanar: true }, 4), rgba.values);
  const planes = rgba.values.map((value) => [0, value]); // PackBits: one byte follows
  const starts = planes.map((_, i) => 8 + 2 * i);
  const packed = (tags: Record<number, number[]>) => ({
    ...rgba,
    stored: Uint8Array.from(planes.flat()),
    tags: { 259: [32773], 273: starts, 279: [2, 2, 2, 2], 284: [2], ...tags },
  });
  assertEquals(await pixels(packed({}), 4), [...whole, 77]); // as in Pillow
  assertEquals(await pixels(packed({ 338: [2] }), 4), rgba.values);
});

Deno.test("white may be 0, and the first pixel lie in the low bits of a byte", async () => {
  assertEquals(await pixels({ ...gray, photometric: 0 }), values.map((value) => 255 - value));
  const bits = { ...gray, stored: Uint8Array.of(0b0000_0011, 0b0000_0100) };
  assertEquals(await pixels({ ...bits, tags: { 258: [1], 266: [2] } }), [255, 255, 0, 0, 0, 255]);
  assertEquals(await pixels({ ...bits, tags: { 258: [1] } }), [0, 0, 0, 0, 0, 0]);
});

Deno.test("colours of every two or four pixels are read where lines end within them", async () => {
  const ycbcr = { width: 3, height: 3, samples: 3, photometric: 6, values: [] };
  const unit = (...light: number[]) => [...light, 128, 128];
  const wide = [1, 4, 7].flatMap((y) => [...unit(y, y + 1), ...unit(y + 2, 0)]);
  const square = [
    ...unit(1, 2, 4, 5),
    ...unit(3, 0, 6, 0),
    ...unit(7, 8, 0, 0),
    ...unit(9, 0, 0, 0),
  ];
  for (const [stored, subsampling] of [[wide, [2, 1]], [square, [2, 2]], [square, []]]) {
    const image = { ...ycbcr, stored: Uint8Array.from(stored), tags: { 530: subsampling } };
    assertEquals(await pixels(image, 3), [1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((y) => [y, y, y]));
  }
  await refused(
    { ...ycbcr, tags: { 530: [3, 1] }, stored: new Uint8Array(99) },
    "every 3x1 pixels",
  );
});

Deno.test("a tag that holds no numbers, or lies outside the file, counts as absent", async () => {
  for (
    const damage of [
      (view: DataView, at: number) => view.setUint16(at + 2, 2, true),
      (view: DataView, at: number) => {
        view.setUint32(at + 4, 1000, true);
      },
    ]
  ) {
    const bytes = writeTiff({ ...gray, tags: { 266: [2] } });
    const view = new DataView(bytes.buffer);
    let at = view.getUint32(4, true) + 2;
    while (view.getUint16(at, true) !== 266) at += 12;
    damage(view, at); // of text, or of a thousand numbers
    assertEquals([...(await decodeImage(bytes, { channels: 1 })).pixels], values);
  }
});

Deno.test("what would be read wrongly is refused by name", async () => {
  const rgb = { ...gray, width: 1, samples: 3, photometric: 2 };
  await refused({ ...rgb, tags: { 258: [8, 8, 16] } }, "different bits");
  for (
    const [format, kind] of [[2, "signed integers"], [3, "floats"], [5, "complex integers"], [
      6,
      "complex floats",
    ]]
  ) {
    const wide = { ...gray, bits: 16, tags: { 339: [format as number] } } as const;
    await refused(wide, `${kind} of 16 bits are not read`);
  }
  await refused({ ...gray, tags: { 258: [17] } }, "integers of 17 bits");
  const unread = {
    4: "transparency masks",
    9: "ICC L*a*b* colours",
    32803: "a camera's sensor",
    34892: "a camera's sensor",
  };
  for (const [photometric, kind] of Object.entries(unread)) {
    await refused({ ...gray, photometric: Number(photometric) }, `${kind} are not read`);
  }
  await refused({ ...gray, photometric: 7 }, "photometric 7 are not read");
  const packed = {
    ...{ 6: "old JPEG", 32809: "ThunderScan", 33003: "JPEG 2000", 34712: "JPEG 2000" },
    ...{ 34676: "SGI Log", 34677: "SGI Log 24", 34887: "LERC", 34925: "LZMA", 50001: "WebP" },
    ...{ 50002: "JPEG XL", 9: "method 9" },
  };
  for (const [method, name] of Object.entries(packed)) {
    const image = { ...gray, tags: { 259: [Number(method)] } };
    await refused(image, `(compression by ${name} is not read)`);
  }
  await refused({ ...gray, samples: 2, photometric: 2, width: 1, height: 3 }, "too few for rgb");
  await refused({ ...deflated, tags: { 259: [8], 317: [3] } }, "predictor 3 of 8 bits");
  const old = Uint8Array.of(0, 0b0001_0101, 0b0010_1000); // 256, 10, 10: low bits first
  await refused({ ...gray, stored: old, tags: { 259: [5] } }, "LZW as it was before TIFF 5.0");
  const planes = { ...rgb, photometric: 6, isPlanar: true, values: Array(18).fill(1) };
  for (
    const tags of [{ 259: [1], 530: [2] }, { 259: [8], 530: [1, 1] }, { 259: [7], 530: [1, 1] }]
  ) {
    await refused({ ...planes, height: 6, tags }, "Y′CbCr in planes is read only uncompressed");
  }
  for (
    const [photometric, bits, kind] of [[6, 16, "ycbcr"], [8, 12, "lab"], [2, 4, "rgb"]] as const
  ) {
    const kinds = { ...rgb, photometric, tags: { 258: [bits] } };
    await refused(kinds, `3 samples of ${bits} bits for ${kind} are not read`);
  }
  await refused({ ...gray, photometric: 3 }, "its palette is missing or cut off");
  await refused({ ...gray, tags: { 322: [16] } }, "blocks without pixels");
  await refused({ ...gray, tags: { 278: [1] } }, "blocks missing");
});

Deno.test("CIE L*a*b* becomes the sRGB that Pillow gives, to one gray level", async () => {
  // L* in 255ths of 100, a* and b*; Pillow's bytes. By the formula red would have 24 of green, and blue 50 of red.
  const colours: readonly (readonly (readonly number[])[])[] = [
    [[255, 0, 0], [254, 255, 254]],
    [[137, 0, 0], [128, 128, 128]],
    [[20, 2, -3], [24, 22, 27]],
    [[138, 78, 50], [249, 20, 50]],
    [[220, -70, 60], [47, 247, 89]],
    [[80, 60, -100], [42, 26, 239]],
    [[200, -20, -30], [111, 206, 249]],
  ];
  const values = colours.flatMap(([lab]) => lab.map((value) => value & 255));
  const lab = { width: colours.length, height: 1, samples: 3, photometric: 8, values };
  const rgb = await pixels(lab, 3);
  colours.flatMap(([, seen]) => seen).forEach((value, i) => assertAlmostEquals(rgb[i], value, 1));
  const deep = { ...lab, bits: 16, values: values.map((value) => value << 8 | 7) } as const;
  assertEquals(await pixels(deep, 3), rgb);
});

Deno.test("colours of 10 to 16 bits keep what are their high bits, whatever the number", async () => {
  const rgb = { width: 2, height: 1, samples: 3, photometric: 2, values: [] };
  const seen = [0, 128, 255, 64, 255, 32];
  for (const bits of [10, 12, 14, 16]) {
    const digits = seen.map((value) =>
      Math.round(value * (2 ** bits - 1) / 255).toString(2).padStart(bits, "0")
    ).join("").match(/.{1,8}/g)!;
    const stored = Uint8Array.from(digits, (byte) => parseInt(byte.padEnd(8, "0"), 2));
    const swapped = bits === 16 ? stored.map((_, i) => stored[i ^ 1]) : stored; // Intel's order
    assertEquals(await pixels({ ...rgb, stored: swapped, tags: { 258: [bits] } }, 3), seen);
  }
});

Deno.test("differences are undone plane by plane, and bits of faxes may lie in the other order", async () => {
  const deflated = (...values: number[]) => new Uint8Array(deflateSync(Uint8Array.from(values)));
  const planes = [deflated(9, 1, 2), deflated(50, 255, 255), deflated(100, 10, 20)];
  const starts = planes.map((_, i) =>
    planes.slice(0, i).reduce((at, { length }) => at + length, 8)
  );
  const tags = { 259: [8], 273: starts, 279: planes.map(({ length }) => length), 317: [2] };
  const rgb = { width: 3, height: 1, samples: 3, photometric: 2, values: [], isPlanar: true };
  const stored = Uint8Array.from(planes.flatMap((plane) => [...plane]));
  const whole = await pixels({ ...rgb, isPlanar: false, stored, tags: { ...tags, 284: [2] } }, 3);
  assertEquals(whole, [9, 50, 100, 10, 49, 110, 12, 48, 130]);
  const fax = { width: 8, height: 1, samples: 1, photometric: 0, values: [] };
  for (const [byte, order] of [[0b0111_0010, 1], [0b0100_1110, 2]]) { // two white, six black
    const image = {
      ...fax,
      stored: Uint8Array.of(byte, 0),
      tags: { 258: [1], 259: [3], 266: [order] },
    };
    assertEquals(await pixels(image), [255, 255, 0, 0, 0, 0, 0, 0]);
  }
});

Deno.test("further pages are told of, smaller versions of the first one and what is no page are not", async () => {
  const page = writeTiff(gray), at = page.length + page.length % 2;
  const followedBy = async (kind: number[], next = at) => {
    const second = writeTiff({ ...gray, tags: { 254: kind } });
    const bytes = new Uint8Array(at + second.length);
    bytes.set(page), bytes.set(second, at);
    const view = new DataView(bytes.buffer), length = view.getUint16(14, true);
    const offset = new DataView(second.buffer).getUint32(4, true);
    view.setUint32(14 + 2 + 12 * length, next === at ? at + offset : next, true);
    return (await decodeImage(bytes)).notes;
  };
  const told = ["its further pages were not"];
  assertEquals(await Promise.all([[], [0], [2], [1], [4]].map((kind) => followedBy(kind))), [
    told,
    told,
    told,
    undefined,
    undefined,
  ]);
  assertEquals([await followedBy([], 10 ** 6), await followedBy([], 0)], [undefined, undefined]);
});

Deno.test("a block of which the checksum is wrong is refused, as by Pillow, and one without is read", async () => {
  const unlike = packed.with(packed.length - 1, packed[packed.length - 1] ^ 1);
  await refused(
    { ...gray, stored: unlike, tags: { 259: [8] } },
    "the checksum of a block is wrong",
  );
  const bare = { ...gray, stored: packed.slice(0, -4), tags: { 259: [8] } };
  assertEquals(await pixels(bare), values);
  const ycbcr = { ...gray, samples: 3, photometric: 6, width: 1 };
  const predicted = { ...ycbcr, stored: packed, tags: { 259: [8], 317: [2], 530: [2, 2] } };
  await refused(predicted, "predicted Y′CbCr is read only with differences of every pixel");
});
