import "../../native.ts";
import { assertEquals } from "@std/assert";
import { concat } from "@std/bytes/concat";
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
  for (let n = 1; n <= 8; n++) {
    assertEquals(orientationOf(exifOf(n)), n);
    assertEquals(orientationOf(concat([PREFIX, exifOf(n)])), n);
  }
  assertEquals([0, 9].map((n) => orientationOf(exifOf(n))), [1, 1]);
  const little = Uint8Array.of(
    ...[0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0], // Intel's order, a tag at byte 8
    ...[0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0],
  );
  assertEquals(orientationOf(little), 6);
  const none = [undefined, new Uint8Array(), exifOf(6).subarray(0, 9), PREFIX, little.with(8, 0)];
  assertEquals(none.map(orientationOf), [1, 1, 1, 1, 1]);
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
  assertEquals(await read(head, chunk(8), rest.subarray(0, -12), chunk(3), rest.subarray(-12)), 8);
  assertEquals(await read(head, pngChunk("eXIF", exifOf(8)), rest), 1);
  for (const n of [1, 6, 8]) {
    assertEquals(await read(bytesOf(`exif${n}.webp`)), n);
    assertEquals(await read(bytesOf(`orientation${n}.tif`)), 1);
  }
  for (const name of ["lossy_RGB.webp", "plain.gif"]) assertEquals(await read(bytesOf(name)), 1);
});
