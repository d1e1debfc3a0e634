/**
 * The numbers in a file that holds one or more for each pixel.
 *
 * @module
 */

/** Samples as they are stored: indices of a palette, not its colours; 16 bits whole. */
export interface Samples {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Samples of a pixel. */
  readonly channels: number;
  /** `[height, width, channels]`. */
  readonly values: Uint8Array | Uint16Array | Float32Array;
}
