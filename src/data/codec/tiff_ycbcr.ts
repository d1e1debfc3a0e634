/** A block with subsampled colours. */
interface SubsampledBlock {
  readonly columns: number;
  readonly rows: number;
  /** Columns and rows that share one blue and one red difference. */
  readonly subsampling: readonly [columns: number, rows: number];
}

/**
 * Turns subsampled Y′CbCr, stored in units of several Y′ with one Cb and one Cr (TIFF 6.0, section 21), to RGB. Cb and Cr
 * are repeated, and the arithmetic is libtiff's, in whole numbers.
 *
 * @returns `[rows, columns, 3]`.
 */
export function unpackYcbcr(
  data: Uint8Array,
  { columns, rows, subsampling: [h, v] }: SubsampledBlock,
): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8ClampedArray(columns * rows * 3);
  const unit = h * v + 2;
  const across = Math.ceil(columns / h);
  for (let row = 0, to = 0; row < rows; row++) {
    for (let x = 0; x < columns; x++) {
      const at = (Math.floor(row / v) * across + Math.floor(x / h)) * unit;
      const y = data[at + (row % v) * h + x % h];
      const cb = data[at + h * v] - 128;
      const cr = data[at + h * v + 1] - 128;
      rgb[to++] = y + (91881 * cr + 32768 >> 16);
      rgb[to++] = y + (-22554 * cb - 46802 * cr + 32768 >> 16);
      rgb[to++] = y + (116130 * cb + 32768 >> 16);
    }
  }
  return new Uint8Array(rgb.buffer);
}
