import "../../native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { deflateSync } from "node:zlib";
import { decodeImage } from "../../../src/data/codec/decode.ts";
import { bytesOf, pixelFiles } from "./pixel_table.ts";
import { writePng } from "./write_png.ts";

/** Tags of a TIFF that are 32 bits each. */
type Tags = Readonly<Record<number, readonly number[]>>;

/** A little-endian TIFF whose data come first, at byte 8. */
function tiff(tags: Tags, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = Object.entries({ 262: [1], 277: [1], ...tags });
  const directory = 8 + data.length + data.length % 2;
  let free = directory + 2 + 12 * all.length + 4;
  const size = free + 4 * all.reduce((sum, [, values]) => sum + values.length, 0);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  bytes.set([0x49, 0x49, 42, 0]);
  view.setUint32(4, directory, true);
  bytes.set(data, 8);
  view.setUint16(directory, all.length, true);
  all.forEach(([tag, values], i) => {
    const entry = directory + 2 + 12 * i;
    view.setUint16(entry, Number(tag), true);
    view.setUint16(entry + 2, 4, true);
    view.setUint32(entry + 4, values.length, true);
    let at = entry + 8;
    if (values.length > 1) {
      view.setUint32(at, free, true);
      at = free;
      free += 4 * values.length;
    }
    values.forEach((value, k) => view.setUint32(at + 4 * k, value, true));
  });
  return bytes;
}

const repeated = (count: number, value: number) => Array<number>(count).fill(value);
const size = (width: number, height = width) => ({ 256: [width], 257: [height], 258: [8] });
const zeros = (count: number) => new Uint8Array(deflateSync(new Uint8Array(count)));

async function refused(bytes: Uint8Array<ArrayBuffer>, reason: string): Promise<void> {
  const { message } = await assertRejects(() => decodeImage(bytes), Error);
  assert(message.includes(reason), message);
}

Deno.test("overlapping tags of a TIFF cost nothing until they are asked for", async () => {
  const count = 30_000;
  const bytes = new Uint8Array(8 + 2 + 12 * count + 4);
  const view = new DataView(bytes.buffer);
  bytes.set([0x49, 0x49, 42, 0, 8]);
  view.setUint16(8, count, true);
  for (let i = 0; i < count; i++) {
    view.setUint16(10 + 12 * i, 1000 + i, true);
    view.setUint16(12 + 12 * i, 1, true);
    view.setUint32(14 + 12 * i, bytes.length - 8, true);
    view.setUint32(18 + 12 * i, 8, true);
  }
  await refused(bytes, "the TIFF header says 0x0");
});

Deno.test("tiles of a TIFF far larger than its picture are refused", async () => {
  const data = zeros(1000);
  for (const [width, height] of [[2 ** 30, 16], [46_000, 46_000], [16, 2 ** 31]]) {
    const tags = { ...size(1), 259: [8], 322: [width], 323: [height], 324: [8] };
    await refused(tiff({ ...tags, 325: [data.length] }, data), "for a picture of 1x1");
  }
});

Deno.test("a tile of a TIFF is unpacked whole where the picture ends within it", async () => {
  const tile = new Uint8Array(
    deflateSync(Uint8Array.from({ length: 512 ** 2 }, (_, i) => i % 251)),
  );
  const tags = { ...size(3, 2), 259: [8], 322: [512], 323: [512], 324: [8], 325: [tile.length] };
  const { pixels } = await decodeImage(tiff(tags, tile), { channels: 1 });
  assertEquals([...pixels], [0, 1, 2, 10, 11, 12]);
});

Deno.test("tiles of a TIFF may share their bytes as long as that adds little to the file", async () => {
  const tile = zeros(256);
  const shared = (bytes: number) => ({
    322: [16],
    323: [16],
    324: repeated(400, 8),
    325: repeated(400, bytes),
  });
  const sound = await decodeImage(tiff({ ...size(320), 259: [8], ...shared(tile.length) }, tile));
  assertEquals(sound.width, 320);
  const nothing = new Uint8Array(1_000_000).fill(0x80); // PackBits that unpack to nothing
  const hostile = tiff({ ...size(320), 259: [32773], ...shared(nothing.length) }, nothing);
  await refused(hostile, "blocks that share their bytes");
});

Deno.test("a TIFF of 65,535 samples or of millions of strips is refused", async () => {
  const data = zeros(1000);
  const strip = { 259: [8], 273: [8], 279: [data.length] };
  await refused(tiff({ ...size(100), ...strip, 277: [65535] }, data), "65535 samples a pixel");
  const strips = { ...size(1, 2_000_000), 278: [1], 273: repeated(10, 8) };
  await refused(tiff(strips, data), "2000000 blocks, and at most 1048576 are read");
});

Deno.test("a byte of 128 in PackBits is skipped", async () => {
  const runs = Uint8Array.of(128, 1, 10, 20, 128, 128, 255, 30); // 10 and 20 as they are, 30 twice
  const bytes = tiff({ ...size(2), 259: [32773], 273: [8], 279: [runs.length] }, runs);
  assertEquals([...(await decodeImage(bytes, { channels: 1 })).pixels], [10, 20, 30, 30]);
});

Deno.test("no memory is taken for more pixels than a file can hold", async () => {
  const short = writePng({ width: 20_000, height: 1, bits: 1, values: new Uint8Array(20_000) });
  const view = new DataView(short.buffer);
  view.setUint32(20, 8000); // a height of 8000 for one row
  await refused(short, "the PNG is damaged");
  const pgm = new TextEncoder().encode("P2 10000 10000 255 1 2 3");
  await refused(pgm, "the file is cut off");
  const runs = new Uint8Array(54 + 1024 + 8);
  const header = new DataView(runs.buffer);
  runs.set([0x42, 0x4d]);
  header.setUint32(10, 54 + 1024, true);
  header.setUint32(14, 40, true);
  header.setInt32(18, 9400, true);
  header.setInt32(22, 9400, true);
  header.setUint16(28, 8, true);
  header.setUint32(30, 1, true); // RLE8
  runs.set([255, 1, 0, 1], 54 + 1024);
  await refused(runs, "the file is cut off");
});

Deno.test("a file of any kind that is cut off is refused, or gives the pixels of the whole", async () => {
  for (const [i, name] of pixelFiles.entries()) {
    const whole = bytesOf(name), share = [0.5, 0.8, 0.95, 0.99][i % 4];
    const { pixels } = await decodeImage(whole).catch(() => ({ pixels: undefined }));
    if (pixels === undefined) continue; // of a kind that is not read
    const cut = whole.slice(0, Math.floor(share * whole.length));
    const found = await decodeImage(cut).catch(() => undefined);
    if (found !== undefined) assertEquals(found.pixels, pixels, `${share} of ${name}`);
  }
});

Deno.test("a PNG with a second header is refused, for its size is another's", async () => {
  const png = writePng({ width: 2, height: 2, values: [1, 2, 3, 4] });
  const header = png.subarray(8, 33);
  const twice = Uint8Array.from([...png.subarray(0, 33), ...header, ...png.subarray(33)]);
  await refused(twice, "does not begin with its one header");
});

Deno.test("files of formats that are not read are refused by name", async () => {
  const text = (start: string) =>
    Uint8Array.from(start.padEnd(200, "\0"), (character) => character.charCodeAt(0));
  for (
    const [start, reason] of [
      ["\0\0\0\x18ftypheic", "HEIC is not read; convert it to JPEG or PNG"],
      ["\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "HEIC is not read"],
      ["\0\0\0\x18ftypmsf1", "HEIC is not read"],
      ["\0\0\0\x18ftyphevc", "HEIC is not read"],
      ["\xff\x0a", "JPEG XL is not read"],
      ["\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL is not read"],
      [`${"\0".repeat(128)}DICM`, "DICOM is not read"],
      ["SIMPLE  =                    T", "FITS is not read"],
      ["\x89HDF\r\n\x1a\n", "HDF5 is not read"],
      ["v/1\x01", "OpenEXR is not read"],
      ["#?RADIANCE", "Radiance HDR is not read"],
      ["\0\0\x01\0", "icons are not read"],
      ["P7\nWIDTH 1", "PFM and PAM are not read"],
      ["PF\n1 1", "PFM and PAM are not read"],
      ["Pf\n1 1", "PFM and PAM are not read"],
      ["qoif", "QOI is not read"],
      ["PK\x03\x04", "an archive is not an image"],
      ["\x1f\x8b", "an archive is not an image"],
      ["BZh9", "packed by bzip2"],
      ["\xfd7zXZ", "packed by xz"],
      ["\x28\xb5\x2f\xfd", "packed by Zstandard"],
      ["%PDF-1.7", "PDF is not an image"],
      ["8BPS", "Photoshop's PSD is not read"],
      ["version https://git-lfs.github.com/spec/v1", "it is a pointer of Git LFS"],
      ["<!DOCTYPE html>", "it is a web page"],
      ["<?xml version='1.0'?><svg>", "SVG is not read"],
      ["  <svg>", "SVG is not read"],
      ["<!-- drawn --><svg>", "SVG is not read"],
      ["hello", "not an image of a known format"],
    ]
  ) await refused(text(start), reason);
  await refused(
    tiff({ ...size(4), 259: [34925], 273: [8], 279: [9] }, zeros(9)),
    "compression by LZMA is not read",
  );
});
