/**
 * How the camera was held, as pictures say.
 *
 * @module
 */
import { openTiff, type TiffDirectory } from "./tiff_directory.ts";

/** The tag, and TIFF's number for its type, 16 bits. */
const ORIENTATION = 274, SHORT = 3;

/** The orientation of a TIFF's picture, 1 to 8; 1, upright, where the tag is missing. */
export function readOrientation({ first }: TiffDirectory): number {
  const orientation = first(ORIENTATION, 1);
  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

/**
 * The orientation in EXIF data, which are a TIFF without pixels, with or without `Exif\0\0` before it.
 *
 * @param exif The data, if there are any.
 * @returns 1 to 8; 1, upright, also where the data lack it or are damaged.
 */
export function orientationOf(exif: Uint8Array | undefined): number {
  if (exif === undefined) return 1;
  const start = String.fromCharCode(...exif.subarray(0, 4)) === "Exif" ? 6 : 0;
  const body = exif.subarray(start);
  try {
    return readOrientation(openTiff(new DataView(body.buffer, body.byteOffset, body.byteLength)));
  } catch {
    return 1;
  }
}

/** EXIF data that hold an orientation and nothing else. */
export function exifOf(orientation: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(26));
  view.setUint32(0, 0x4d4d002a); // big-endian, as the rest
  view.setUint32(4, 8);
  view.setUint16(8, 1);
  view.setUint16(10, ORIENTATION);
  view.setUint16(12, SHORT);
  view.setUint32(14, 1);
  view.setUint16(18, orientation);
  return new Uint8Array(view.buffer);
}
