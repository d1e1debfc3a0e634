/**
 * How a camera was held, as pictures tell it.
 *
 * @module
 */
import { openTiff } from "./tiff_directory.ts";

const ORIENTATION = 274;

/**
 * Reads the orientation of EXIF data: a TIFF without pixels, with or without `Exif\0\0` before it.
 *
 * @returns 1 to 8, where 1 is upright; 1 too where the data do not tell or are damaged.
 */
export function orientationOf(exif: Uint8Array): number {
  const start = String.fromCharCode(...exif.subarray(0, 4)) === "Exif" ? 6 : 0;
  try {
    const body = exif.subarray(start);
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    const orientation = openTiff(view).first(ORIENTATION, 1);
    return orientation >= 1 && orientation <= 8 ? orientation : 1;
  } catch {
    return 1;
  }
}
