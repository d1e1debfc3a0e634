/** The picture whose pixels are stored as runs. */
interface RunSize {
  readonly width: number;
  readonly height: number;
  /** Whether a byte holds two pixels (RLE4), not one (RLE8). */
  readonly isHalf: boolean;
}

const [END_OF_LINE, END_OF_PICTURE, DELTA] = [0, 1, 2];

/**
 * Unpacks the runs of a BMP to palette indices.
 *
 * Source: Microsoft's "Bitmap compression".
 *
 * @param data The runs.
 * @returns `[height, width]` in the order of the file, fewer where the runs end early.
 */
export function unpackRuns(
  data: Uint8Array,
  { width, height, isHalf }: RunSize,
): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(width * height);
  let [to, x, at] = [0, 0, 0];
  const pixelOf = (byte: number, i: number) => {
    if (!isHalf) return byte;
    return i % 2 === 0 ? byte >> 4 : byte & 15;
  };
  while (to < output.length && at + 1 < data.length) {
    const count = data[at++];
    const byte = data[at++];
    if (count > 0) {
      const kept = Math.min(count, width - x, output.length - to);
      for (let i = 0; i < kept; i++) output[to++] = pixelOf(byte, i);
      x += Math.max(0, kept);
    } else if (byte === END_OF_LINE) {
      if (to % width !== 0) to += width - to % width;
      x = 0;
    } else if (byte === END_OF_PICTURE) break;
    else if (byte === DELTA) {
      to += data[at] + data[at + 1] * width;
      at += 2;
      x = to % width;
    } else {
      const kept = Math.min(byte, output.length - to);
      const stored = isHalf ? (kept + 1) >> 1 : kept;
      if (at + stored > data.length) break;
      for (let i = 0; i < kept; i++) {
        output[to++] = pixelOf(data[at + (isHalf ? i >> 1 : i)], i);
      }
      at += stored;
      x += byte;
      at += stored % 2; // runs begin at even places
    }
  }
  return output.subarray(0, Math.min(to, output.length));
}
