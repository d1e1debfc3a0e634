/**
 * AVIF decoding by libavif in WebAssembly, isolated from the process's memory. Pillow decodes by libavif too.
 *
 * @module
 */
import { withDepths } from "./avif_depths.ts";
import { avifOrientation } from "./avif_orientation.ts";
import { readBoxes } from "./boxes.ts";
import { Codec } from "./codec.ts";
import { exifOf } from "./orientation.ts";
import { withoutOpaqueAlpha } from "./pixel_layout.ts";
import type { Picture } from "./samples.ts";

/** The path of boxes to the sizes, each with the number of bytes before its own boxes. */
const PATH = [["meta", 4], ["iprp", 0], ["ipco", 0]] as const;

/**
 * The largest size that the file states. It is the picture's: tiles and thumbnails are never larger.
 *
 * Source: ISO/IEC 23008-12, 6.5.3.
 */
function avifSize(view: DataView): readonly [number, number] {
  let boxes = readBoxes(view, 0, view.byteLength);
  for (const [type, skipped] of PATH) {
    const box = boxes.find((box) => box.type === type);
    if (box === undefined) throw new Error(`the AVIF has no box ${type}`);
    boxes = readBoxes(view, box.start + skipped, box.end);
  }
  let largest: readonly [number, number] = [0, 0];
  for (const { type, start } of boxes) {
    if (type !== "ispe") continue;
    const size = [view.getUint32(start + 4), view.getUint32(start + 8)] as const;
    if (size[0] * size[1] > largest[0] * largest[1]) largest = size;
  }
  return largest;
}

/** Bits of a sample to ask for. */
const BITS = 8;

/**
 * Decodes the first picture of AVIF bytes.
 *
 * @throws {Error} If the file is damaged or cut off, or its picture larger than it states.
 */
async function decodeAvif(bytes: Uint8Array<ArrayBuffer>): Promise<Picture> {
  const { width, height, data } = await libavif.run(({ decode }) => {
    const image = decode(withDepths(bytes), BITS);
    if (image === null) throw new Error("its data are damaged or cut off");
    return image;
  });
  const [columns, rows] = avifSize(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (width * height > columns * rows) throw new Error("its picture is larger than it states");
  const rgba = new Uint8Array(data.buffer);
  const rgb = withoutOpaqueAlpha(rgba);
  const picture = { width, height, colour: "rgb" } as const;
  return rgb === undefined
    ? { ...picture, channels: 4, values: rgba, alpha: "straight" }
    : { ...picture, channels: 3, values: rgb };
}

const libavif = new Codec(async () => {
  const { default: create } = await import("@jsquash/avif/codec/dec/avif_dec.js");
  return await create({});
});

/** EXIF data that tell how an AVIF's picture is to be turned. */
function avifExif(bytes: Uint8Array): Uint8Array {
  return exifOf(avifOrientation(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
}

/** What reads AVIF files. */
export const avif = { size: avifSize, decode: decodeAvif, exif: avifExif };
