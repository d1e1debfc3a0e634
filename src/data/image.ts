/**
 * A decoded image.
 *
 * @module
 */

import type { TargetValues } from "./target.ts";

/** An image in memory: three 8-bit channels unless asked otherwise, rows from top to bottom. */
export interface DecodedImage {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /**
   * Red, green and blue of every pixel, `[height, width, 3]`, or other channels, `[height, width, C]`: bytes, or float32 on
   * their scale, from 0 to 255, where a file has 16 bits. Not to be written to.
   */
  readonly pixels: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
  /** The class or the depth of every pixel, `[height, width]`, where the folder has them. Not to be written to. */
  readonly target?: TargetValues;
  /** What is to be said of the file though its pixels are whole, to follow "it was read, but": damage, further pages. */
  readonly notes?: readonly string[];
}

/** The most pixels an image may have unless another limit is given: where Pillow refuses a decompression bomb. */
export const MAX_PIXELS = 178_956_970;

/** Bytes that a pixel takes of an image of so many channels: one for each of 3, else a float32. */
export function bytesPerPixel(channels: number): number {
  return channels === 3 ? 3 : 4 * channels;
}

/** Bytes an image takes. */
export function imageBytes({ pixels, target }: DecodedImage): number {
  return pixels.byteLength + (target?.byteLength ?? 0);
}
