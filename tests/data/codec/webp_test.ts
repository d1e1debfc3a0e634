import "../../native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { concat } from "@std/bytes/concat";
import { decodeImage } from "../../../src/data/codec/decode.ts";
import { readCameraOrientation } from "../../../src/data/codec/image_header.ts";
import { exifOf } from "../../../src/data/codec/orientation.ts";
import { bytesOf } from "./pixel_table.ts";

const encoder = new TextEncoder();
const number = (value: number, bytes: number) =>
  Uint8Array.from({ length: bytes }, (_, i) => value >> 8 * i);

/** A chunk: its name, its length, and its content filled to an even number of bytes. */
function chunk(name: string, content: Uint8Array): Uint8Array {
  const fill = new Uint8Array(content.length % 2);
  return concat([encoder.encode(name), number(content.length, 4), content, fill]);
}

/** A file in the extended form. */
function extended(
  flags: number,
  [width, height]: readonly [number, number],
  ...chunks: Uint8Array[]
): Uint8Array<ArrayBuffer> {
  const canvas = concat([number(flags, 4), number(width - 1, 3), number(height - 1, 3)]);
  const all = concat([encoder.encode("WEBP"), chunk("VP8X", canvas), ...chunks]);
  return concat([encoder.encode("RIFF"), number(all.length, 4), all]);
}

const [ALPHA, ANIMATION, EXIF, XMP] = [16, 2, 8, 4];
/** The picture of a simple file, as a chunk. */
const picture = (name: string) => bytesOf(name).subarray(12);
const SIZE = [13, 9] as const;

Deno.test("chunks of odd lengths before a picture and behind it are passed over", async () => {
  const odd = chunk("ICCP", new Uint8Array(3)), exif = chunk("EXIF", exifOf(6));
  const bytes = extended(EXIF, SIZE, odd, picture("lossless_RGB.webp"), odd, exif);
  const { pixels } = await decodeImage(bytes);
  assertEquals(pixels, (await decodeImage(bytesOf("lossless_RGB.webp"))).pixels);
  assertEquals(await readCameraOrientation(bytes), 6);
});

Deno.test("EXIF data and XMP count where the header tells of them, as in Pillow", async () => {
  const told = [chunk("EXIF", exifOf(6)), chunk("XMP ", encoder.encode('tiff:Orientation="8"'))];
  const read = (flags: number) =>
    readCameraOrientation(extended(flags, SIZE, picture("lossless_RGB.webp"), ...told));
  assertEquals(await Promise.all([0, EXIF, XMP, EXIF | XMP].map(read)), [1, 6, 8, 6]);
});

Deno.test("there is alpha where the header of the file or of the lossless picture says so", async () => {
  const alphas = async (bytes: Uint8Array<ArrayBuffer>) =>
    new Set((await decodeImage(bytes, { channels: 4 })).pixels.filter((_, i) => i % 4 === 3));
  const rgba = picture("lossless_RGBA.webp");
  assertEquals((await alphas(bytesOf("lossless_RGBA.webp"))).size > 1, true);
  assertEquals((await alphas(extended(ALPHA, SIZE, rgba))).size > 1, true);
  assertEquals((await alphas(extended(0, SIZE, rgba))).size > 1, true); // as in Pillow
  assertEquals(await alphas(extended(0, SIZE, picture("lossy_RGB.webp"))), new Set([255]));
  assertEquals(await alphas(bytesOf("lossless_RGB.webp")), new Set([255]));
});

Deno.test("an animation shows its first frame where it lies, on a canvas without colour, and none beyond it", async () => {
  const frame = (left: number, top: number, name = "lossless_RGB.webp") =>
    chunk(
      "ANMF",
      concat([
        ...[left / 2, top / 2, SIZE[0] - 1, SIZE[1] - 1, 100].map((value) => number(value, 3)),
        Uint8Array.of(0),
        picture(name),
      ]),
    );
  const animation = (canvas: readonly [number, number], ...frames: Uint8Array[]) =>
    extended(ALPHA | ANIMATION, canvas, chunk("ANIM", new Uint8Array(6)), ...frames);
  const shown = await decodeImage(bytesOf("lossless_RGB.webp"), { channels: 4 });
  const expected = new Uint8Array(4 * 17 * 13);
  for (let y = 0; y < 9; y++) {
    expected.set(shown.pixels.subarray(52 * y, 52 * (y + 1)), 4 * ((y + 4) * 17 + 2));
  }
  const other = frame(0, 0, "lossless_L.webp");
  const { pixels } = await decodeImage(animation([17, 13], frame(2, 4), other), { channels: 4 });
  assertEquals(pixels, expected);
  for (const canvas of [[16, 13], [17, 12]] as const) {
    const bytes = animation(canvas, frame(4, 4));
    await assertRejects(() => decodeImage(bytes), Error, "a frame outside the canvas");
  }
  assertEquals((await decodeImage(animation([17, 13], frame(4, 4)))).width, 17);
  await assertRejects(() => decodeImage(animation([17, 13])), Error, "it has no frame");
});
