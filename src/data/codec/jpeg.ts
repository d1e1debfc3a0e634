/**
 * JPEG decoding.
 *
 * @module
 */
import { readJpegSamples } from "./jpeg_samples.ts";
import { readJpegFrame } from "./jpeg_frame.ts";
import type { Picture } from "./samples.ts";

/** Columns and rows. */
function jpegSize(view: DataView): readonly [number, number] {
  const { width, height } = readJpegFrame(view);
  return [width, height];
}

/**
 * Decodes JPEG bytes: gray, colours or inks.
 *
 * @throws {Error} If the file is damaged or cut off.
 */
async function decodeJpeg(bytes: Uint8Array<ArrayBuffer>): Promise<Picture> {
  const samples = await readJpegSamples(bytes);
  const colour = samples.channels === 1 ? "gray" : samples.channels === 4 ? "cmyk" : "rgb";
  return { ...samples, colour };
}

const APP1 = 0xe1;
const [SCAN, END] = [0xda, 0xd9];

/** The EXIF data of the application segments before the first scan (CIPA DC-008, 4.7.2), if there are any. */
function jpegExif(bytes: Uint8Array): Uint8Array | undefined {
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1];
    if (marker === SCAN || marker === END) return undefined;
    const length = bytes[at + 2] << 8 | bytes[at + 3];
    const segment = bytes.subarray(at + 4, at + 2 + length);
    const isExif = String.fromCharCode(...segment.subarray(0, 6)) === "Exif\0\0";
    if (marker === APP1 && isExif) return segment;
    at += marker === 0xff ? 1 : 2 + length;
  }
}

/** What reads JPEG files. */
export const jpeg = { size: jpegSize, decode: decodeJpeg, exif: jpegExif };
