/**
 * A decoded image.
 *
 * @module
 */

/** An image in memory: three 8-bit channels, rows from top to bottom. */
export interface DecodedImage {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Red, green and blue of every pixel, `[height, width, 3]`. Not to be written to. */
  readonly pixels: Uint8Array<ArrayBuffer>;
}
