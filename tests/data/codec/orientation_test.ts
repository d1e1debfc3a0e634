import "../../native.ts";
import { assertEquals } from "@std/assert";
import { concat } from "@std/bytes/concat";
import { encodeHex } from "@std/encoding";
import { deflateSync } from "node:zlib";
import { decodeImage } from "../../../src/data/codec/decode.ts";
import { pngChunk } from "../../../src/data/codec/png_chunks.ts";
import { readCameraOrientation } from "../../../src/data/codec/image_header.ts";
import { exifOf, orientationOf } from "../../../src/data/codec/orientation.ts";
import { bytesOf } from "./pixel_table.ts";

const encoder = new TextEncoder();
const PREFIX = encoder.encode("Exif\0\0");

/** A JPEG with these bytes behind the mark of its start. */
function jpegWith(...parts: (Uint8Array | readonly number[])[]): Uint8Array {
  const jpeg = bytesOf("RGB.jpg");
  const all = parts.map((part) => Uint8Array.from(part));
  return concat([jpeg.subarray(0, 2), ...all, jpeg.subarray(2)]);
}

/** A segment of a JPEG: its marker, its length and its content. */
function segment(marker: number, ...parts: Uint8Array[]): Uint8Array {
  const content = concat(parts);
  return Uint8Array.of(0xff, marker, 0, 2 + content.length, ...content);
}

Deno.test("eight orientations are read from EXIF data with or without their mark, all else counts as upright", () => {
  const read = (exif: Uint8Array | undefined) => orientationOf({ exif: () => exif });
  for (let n = 1; n <= 8; n++) {
    assertEquals(read(exifOf(n)), n);
    assertEquals(read(concat([PREFIX, exifOf(n)])), n);
  }
  assertEquals(read(concat([PREFIX, PREFIX, exifOf(6)])), 6); // as some WebPs have it
  assertEquals([0, 9].map((n) => read(exifOf(n))), [1, 1]);
  const little = Uint8Array.of(
    ...[0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0], // Intel's order, a tag at byte 8
    ...[0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0],
  );
  assertEquals(read(little), 6);
  const none = [undefined, new Uint8Array(), exifOf(6).subarray(0, 9), PREFIX, little.with(8, 0)];
  assertEquals(none.map(read), [1, 1, 1, 1, 1]);
});

Deno.test("EXIF data of a JPEG may stand behind other segments and filling bytes, but before its first scan", async () => {
  const exif = segment(0xe1, PREFIX, exifOf(6));
  const xmp = segment(0xe1, encoder.encode("http://ns.adobe.com/xap/1.0/\0<x/>"));
  const other = segment(0xe2, PREFIX, exifOf(3));
  const read = (...parts: Parameters<typeof jpegWith>) => readCameraOrientation(jpegWith(...parts));
  assertEquals(await read(), 1);
  assertEquals(await read(exif), 6);
  assertEquals(await read(xmp, other, exif), 6);
  assertEquals(await read([0xff, 0xff], exif), 6);
  assertEquals(await read(exif, segment(0xe1, PREFIX, exifOf(3))), 6);
  const jpeg = bytesOf("RGB.jpg");
  assertEquals(await readCameraOrientation(concat([jpeg.subarray(0, -2), exif])), 1);
});

Deno.test("an AVIF is turned by its rotation and its mirroring, as by Pillow", async () => {
  const untold = bytesOf("RGB_420.avif");
  assertEquals(await readCameraOrientation(untold), 1);
  const seen = (await decodeImage(bytesOf("exif1.avif"), { exif: "apply" })).pixels;
  for (let n = 1; n <= 8; n++) {
    const file = bytesOf(`exif${n}.avif`);
    assertEquals(await readCameraOrientation(file), n);
    const { pixels, ...size } = await decodeImage(file, { exif: "apply" });
    assertEquals(size, n < 5 ? { width: 40, height: 24 } : { width: 24, height: 40 });
    assertEquals(pixels.toSorted(), seen.toSorted(), `orientation ${n}`);
  }
});

Deno.test("EXIF data of PNG and WebP are found among their chunks, and TIFF counts as upright", async () => {
  const png = bytesOf("rgb8.png");
  const [head, rest] = [png.subarray(0, 33), png.subarray(33)];
  const chunk = (n: number) => pngChunk("eXIf", exifOf(n));
  const read = (...parts: Uint8Array[]) => readCameraOrientation(concat(parts));
  assertEquals(await read(head, chunk(8), rest), 8);
  assertEquals(await read(head, chunk(8), rest.subarray(0, -12), chunk(3), rest.subarray(-12)), 3);
  assertEquals(await read(head, pngChunk("eXIF", exifOf(8)), rest), 1);
  for (const n of [1, 6, 8]) {
    assertEquals(await read(bytesOf(`exif${n}.webp`)), n);
    assertEquals(await read(bytesOf(`orientation${n}.tif`)), 1);
  }
  for (const name of ["lossy_RGB.webp", "plain.gif"]) assertEquals(await read(bytesOf(name)), 1);
});

/** XMP that tells an orientation, as an attribute. */
const xmpOf = (n: number) => encoder.encode(`<rdf:Description tiff:Orientation="${n}"/>`);

Deno.test("XMP tells the orientation where EXIF data do not, in a JPEG the last of it, as in Pillow", async () => {
  const name = encoder.encode("http://ns.adobe.com/xap/1.0/\0");
  const xmp = (text: Uint8Array) => segment(0xe1, name, text);
  const element = encoder.encode("<tiff:Orientation>8</tiff:Orientation>");
  const silent = exifOf(3).with(11, 0); // another tag
  const read = (...parts: Uint8Array[]) => readCameraOrientation(jpegWith(...parts));
  assertEquals(await read(xmp(xmpOf(6))), 6);
  assertEquals(await read(xmp(xmpOf(6)), xmp(element)), 8);
  assertEquals(await read(xmp(xmpOf(6)), segment(0xe1, PREFIX, silent)), 6);
  for (const n of [0, 1, 3, 9]) { // whatever it is, it tells something
    const exif = segment(0xe1, PREFIX, exifOf(n));
    assertEquals(await read(xmp(xmpOf(6)), exif), n === 3 ? 3 : 1);
  }
  for (const none of ["tiff:Orientation='6'", 'tiff:Orientation="9"', "<x/>", ""]) {
    assertEquals(await read(xmp(encoder.encode(none))), 1);
  }
  assertEquals(await read(segment(0xe2, name, xmpOf(6))), 1);
  const turned = (...parts: Uint8Array[]) =>
    decodeImage(concat([jpegWith(...parts)]), { exif: "apply" });
  assertEquals(await turned(xmp(xmpOf(5))), await turned(segment(0xe1, PREFIX, exifOf(5))));
});

Deno.test("texts of a PNG tell its orientation, compressed or not, before its samples or behind them", async () => {
  const png = bytesOf("rgb8.png");
  const [head, rest, end] = [png.subarray(0, 33), png.subarray(33, -12), png.subarray(-12)];
  const read = (...chunks: Uint8Array[]) =>
    readCameraOrientation(concat([head, ...chunks, rest, end]));
  const text = (type: string, key: string, ...parts: (string | Uint8Array)[]) =>
    pngChunk(
      type,
      concat(
        [key, "\0", ...parts].map((part) => typeof part === "string" ? encoder.encode(part) : part),
      ),
    );
  const zip = (data: string | Uint8Array) => new Uint8Array(deflateSync(data));
  const KEY = "XML:com.adobe.xmp";
  assertEquals(await read(text("iTXt", KEY, "\0\0en\0\0", xmpOf(6))), 6);
  assertEquals(await read(text("iTXt", KEY, "\x01\0\0\0", zip(xmpOf(8)))), 8);
  assertEquals(await read(text("tEXt", KEY, xmpOf(5))), 5);
  const last = text("iTXt", KEY, "\0\0\0\0", xmpOf(3));
  assertEquals(
    await readCameraOrientation(concat([head, text("tEXt", KEY, xmpOf(5)), rest, last, end])),
    3,
  );
  const digits = encodeHex(concat([PREFIX, exifOf(7)]));
  const profile = `\nexif\n      32\n${digits.slice(0, 40)}\n${digits.slice(40)}\n`;
  const RAW = "Raw profile type exif";
  assertEquals(await read(text("tEXt", RAW, profile)), 7);
  assertEquals(await read(text("zTXt", RAW, "\0", zip(profile)), last), 7);
  assertEquals(await read(text("zTXt", RAW, "\0", zip(profile)), pngChunk("eXIf", exifOf(2))), 2);
  const damaged = text("zTXt", RAW, "\0", zip(profile).subarray(4));
  const others = [text("tEXt", "Comment", xmpOf(6)), text("tEXt", RAW, "\n\n\nno digits"), damaged];
  for (const other of others) assertEquals(await read(other), 1);
});

Deno.test("a TIFF without the tag is turned as its XMP says", async () => {
  const tiff = bytesOf("orientation2.tif");
  const { pixels } = await decodeImage(bytesOf("orientation3.tif"));
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const little = view.getUint8(0) === 0x49;
  const directory = view.getUint32(4, little);
  const xmp = xmpOf(3);
  const told = new DataView(concat([tiff, xmp]).buffer);
  for (let i = 0; i < view.getUint16(directory, little); i++) {
    const entry = directory + 2 + 12 * i;
    if (view.getUint16(entry, little) !== 274) continue;
    told.setUint16(entry, 700, little);
    told.setUint16(entry + 2, 1, little);
    told.setUint32(entry + 4, xmp.length, little);
    told.setUint32(entry + 8, tiff.length, little);
  }
  assertEquals((await decodeImage(new Uint8Array(told.buffer as ArrayBuffer))).pixels, pixels);
});
