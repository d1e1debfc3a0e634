/**
 * How a camera was held, as pictures tell it.
 *
 * @module
 */
import { openTiff, type TiffDirectory } from "./tiff_directory.ts";

const ORIENTATION = 274;

/** The orientation of a TIFF's picture, 1 to 8; 1, upright, where it does not tell. */
export function readOrientation({ first }: TiffDirectory): number {
  const orientation = first(ORIENTATION, 1);
  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

/**
 * The orientation that EXIF data tell: a TIFF without pixels, with or without `Exif\0\0` before it.
 *
 * @param exif The data, if there are any.
 * @returns 1 to 8; 1, upright, too where the data do not tell or are damaged.
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
