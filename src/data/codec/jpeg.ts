/**
 * JPEG decoding.
 *
 * @module
 */
import { readJpegSamples } from "./jpeg_samples.ts";
import { readJpegFrame } from "./jpeg_frame.ts";
import { isNamed, jpegSegments } from "./jpeg_segments.ts";
import { orientationOf } from "./orientation.ts";
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

/** The name of a segment of XMP (XMP specification, part 3, 1.1.3). */
const XMP_NAME = "http://ns.adobe.com/xap/1.0/\0";

/** How the camera was held, by the first EXIF data (CIPA DC-008, 4.7.2) or the last XMP before the first scan. */
function jpegOrientation(bytes: Uint8Array): number {
  const named = (name: string) =>
    [...jpegSegments(bytes)].filter((segment) => segment.marker === APP1 && isNamed(segment, name));
  return orientationOf({
    exif: () => named("Exif\0\0").at(0)?.content,
    xmp: () => named(XMP_NAME).at(-1)?.content,
  });
}

/** What reads JPEG files. */
export const jpeg = { size: jpegSize, decode: decodeJpeg, orientation: jpegOrientation };
