/**
 * The samples of NumPy's files.
 *
 * @module
 */
import type { Samples } from "./samples.ts";

type Read = (view: DataView, at: number) => number;

const READERS: Readonly<Record<string, readonly [size: number, isInteger: boolean, read: Read]>> = {
  "<f8": [8, false, (view, at) => view.getFloat64(at, true)],
  "<f4": [4, false, (view, at) => view.getFloat32(at, true)],
  "<f2": [2, false, (view, at) => view.getFloat16(at, true)],
  "<u2": [2, true, (view, at) => view.getUint16(at, true)],
  "|u1": [1, true, (view, at) => view.getUint8(at)],
};

/**
 * Reads a matrix, `[H, W]`, `[1, H, W]` or `[H, W, 1]`, from a file of `numpy.save`.
 *
 * Source: NumPy's format, `numpy/lib/format.py`.
 *
 * @throws {Error} If the file is another, damaged, cut off, of more than `maxPixels`, or of a type other than float16,
 *   float32, float64, uint8 and uint16, little-endian and row by row.
 */
export function readNpySamples(bytes: Uint8Array, maxPixels: number): Samples {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isNpy = String.fromCharCode(...bytes.subarray(0, 6)) === "\x93NUMPY";
  if (!isNpy || bytes.length < 12) throw new Error("not a file of numpy.save");
  const isFirst = bytes[6] === 1;
  const start = isFirst ? 10 : 12;
  const end = start + (isFirst ? view.getUint16(8, true) : view.getUint32(8, true));
  const header = new TextDecoder().decode(bytes.subarray(start, end));
  const type = header.match(/'descr': *'([^']*)'/)?.[1];
  const sides = header.match(/'shape': *\(([^)]*)\)/)?.[1].split(",").map((side) => side.trim())
    .filter((side) => side !== "").map(Number);
  if (type === undefined || sides === undefined || !header.includes("'fortran_order': False")) {
    throw new Error("numpy.save wrote no plain array, row by row");
  }
  const reader = READERS[type];
  if (reader === undefined) {
    throw new Error(`numpy.save wrote the type ${type}: there are ${Object.keys(READERS)}`);
  }
  const matrix = sides.length === 3 && sides[0] === 1
    ? sides.slice(1)
    : sides.length === 3 && sides[2] === 1
    ? sides.slice(0, 2)
    : sides;
  if (matrix.length !== 2 || matrix.some((side) => !(side >= 1))) {
    throw new Error(`numpy.save wrote an array of shape [${sides}], not one value for each pixel`);
  }
  const [height, width] = matrix;
  const count = width * height;
  if (count > maxPixels) throw new Error(`${width}x${height} values exceed ${maxPixels}`);
  const [size, isInteger, read] = reader;
  if (end + count * size > bytes.length) throw new Error("the file of numpy.save is cut off");
  const values = isInteger ? new Uint16Array(count) : new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = read(view, end + i * size);
  return { width, height, channels: 1, values };
}
