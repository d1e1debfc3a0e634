import { concat } from "@std/bytes";
import { crc32, deflateSync } from "node:zlib";
import type { DecodedImage } from "../image.ts";
import { PNG_SIGNATURE } from "./png_chunks.ts";

/** A PNG's colour types by channels: gray, gray and alpha, colours, colours and alpha. */
const COLOUR_TYPES: readonly number[] = [NaN, 0, 4, 2, 6];
/** The filter of differences to the pixel on the left. */
const SUB = 1;

/**
 * Encodes an image of 1 to 4 channels without loss: bytes as they are, other samples in 16 bits.
 *
 * @param image The image.
 * @param exif EXIF data to go with it, a TIFF without pixels. Default: none.
 * @returns The bytes of a PNG file.
 */
export function encodePng({ width, height, pixels }: DecodedImage, exif?: Uint8Array): Uint8Array {
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
    chunk("IHDR", new Uint8Array(header.buffer)),
    ...exif ? [chunk("eXIf", exif)] : [],
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND"),
  ]);
}

/** Samples on the scale of bytes as 16 bits, the high ones first. */
function bytesOf(samples: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * samples.length));
  samples.forEach((sample, i) => view.setUint16(2 * i, Math.round(257 * sample)));
  return new Uint8Array(view.buffer);
}

function chunk(type: string, data: Uint8Array = new Uint8Array()): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}
