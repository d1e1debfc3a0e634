/**
 * What an image file says about itself before it is decoded.
 *
 * @module
 */
import { FORMATS, type ImageFormat } from "./formats.ts";
import { nameUnread } from "./unread_formats.ts";

/** The format and size of an image file. */
export interface ImageHeader {
  /** What kind of file it is. */
  readonly format: ImageFormat;
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
}

/** Bytes by which every format can be recognised. */
const SIGNATURE_BYTES = 64;

/**
 * Reads the format and size from the first bytes of an image file.
 *
 * The size is known before any pixel is, so that a small file which unpacks to gigabytes can be
 * refused without unpacking it.
 *
 * @throws {Error} If the bytes are not an image of a known format or end inside the header.
 */
export async function readImageHeader(bytes: Uint8Array): Promise<ImageHeader> {
  const text = String.fromCharCode(...bytes.subarray(0, SIGNATURE_BYTES));
  const found = Object.entries(FORMATS).find(([, { begins }]) => begins(text));
  if (found === undefined) {
    if (bytes.length === 0) throw new Error("the file is empty");
    throw new Error(nameUnread(bytes) ?? "not an image of a known format");
  }
  const format = found[0] as ImageFormat;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { size: sizeOf } = await FORMATS[format].load();
  let size: readonly [number, number];
  try {
    size = sizeOf(view);
  } catch (error) {
    if (error instanceof RangeError) throw new Error(`the ${format} header is cut off`);
    throw error;
  }
  const [width, height] = size;
  if (!(width >= 1 && height >= 1)) throw new Error(`the ${format} header says ${width}x${height}`);
  return { format, width, height };
}

/**
 * How the camera was held, 1 to 8 as in EXIF, where 1 is upright. TIFF files count as upright, since decoding turns them.
 *
 * @throws {Error} If the bytes are not an image of a known format.
 */
export async function readCameraOrientation(bytes: Uint8Array): Promise<number> {
  const { format } = await readImageHeader(bytes);
  const { orientation, isTurned = false } = await FORMATS[format].load();
  return isTurned ? 1 : orientation?.(bytes) ?? 1;
}
