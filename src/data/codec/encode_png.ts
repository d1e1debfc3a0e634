import { concat } from "@std/bytes";
import { deflateSync } from "node:zlib";
import type { DecodedImage } from "../image.ts";
import { PNG_SIGNATURE, pngChunk } from "./png_chunks.ts";

/** A PNG's colour types by channels: gray, gray and alpha, colours, colours and alpha. */
const COLOUR_TYPES: readonly number[] = [NaN, 0, 4, 2, 6];
/** The filter that stores differences from the pixel on the left. */
const SUB = 1;

/**
 * Encodes an image of 1 to 4 channels without loss: bytes as they are, other samples in 16 bits.
 *
 * @param image The image.
 * @param exif EXIF data to go with it, a TIFF without pixels. Default: none.
 * @returns The bytes of a PNG file.
 */
export function encodePng(
  { width, height, pixels }: DecodedImage,
  exif?: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const channels = pixels.length / (width * height);
  const isByte = pixels instanceof Uint8Array;
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, isByte ? 8 : 16);
  header.setUint8(9, COLOUR_TYPES[channels]);
  const samples = isByte ? pixels : bytesOf(pixels);
  const stride = samples.length / height, step = stride / width;
  const rows = new Uint8Array(height * (1 + stride));
  for (let y = 0, at = 0; y < height; y++) {
    rows[at++] = SUB;
    const begin = y * stride;
    for (let i = 0; i < stride; i++) {
      rows[at++] = samples[begin + i] - (i < step ? 0 : samples[begin + i - step]);
    }
  }
  return concat([
    Uint8Array.from(PNG_SIGNATURE, (letter) => letter.charCodeAt(0)),
    pngChunk("IHDR", new Uint8Array(header.buffer)),
    ...exif ? [pngChunk("eXIf", exif)] : [],
    pngChunk("IDAT", deflateSync(rows)),
    pngChunk("IEND"),
  ]);
}

/** Samples on the scale of bytes as numbers of 16 bits, high byte first. */
function bytesOf(samples: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * samples.length));
  samples.forEach((sample, i) => view.setUint16(2 * i, Math.round(257 * sample)));
  return new Uint8Array(view.buffer);
}
