/**
 * JPEG decoding.
 *
 * @module
 */
import { readJpegSamples } from "./jpeg_samples.ts";
import { readJpegFrame } from "./jpeg_frame.ts";
import { isNamed, jpegSegments } from "./jpeg_segments.ts";
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

/** The EXIF data of the application segments before the first scan (CIPA DC-008, 4.7.2), if there are any. */
function jpegExif(bytes: Uint8Array): Uint8Array | undefined {
  for (const segment of jpegSegments(bytes)) {
    if (segment.marker === APP1 && isNamed(segment, "Exif\0\0")) return segment.content;
  }
}

/** What reads JPEG files. */
export const jpeg = { size: jpegSize, decode: decodeJpeg, exif: jpegExif };
