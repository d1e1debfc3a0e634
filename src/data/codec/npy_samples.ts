/**
 * The samples of NumPy's files.
 *
 * @module
 */
import type { Samples } from "./samples.ts";

type ValuesType = typeof Float32Array | typeof Uint16Array | typeof Uint8Array;
type Read = (view: DataView, at: number) => number;

const READERS: Readonly<Record<string, readonly [size: number, Values: ValuesType, read: Read]>> = {
  "<f8": [8, Float32Array, (view, at) => view.getFloat64(at, true)],
  "<f4": [4, Float32Array, (view, at) => view.getFloat32(at, true)],
  "<f2": [2, Float32Array, (view, at) => view.getFloat16(at, true)],
  "<u2": [2, Uint16Array, (view, at) => view.getUint16(at, true)],
  "|u1": [1, Uint8Array, (view, at) => view.getUint8(at)],
};

/**
 * Reads an array, `[H, W]`, `[C, H, W]` or `[H, W, C]`, from a file of `numpy.save`.
 *
 * Source: NumPy's format, `numpy/lib/format.py`.
 *
 * @param bytes The file.
 * @param maxPixels Most pixels.
 * @param channels C. Where the first and the last side are that, the last one is meant. Default: 1.
 * @throws {Error} If the file is of another kind, damaged, cut off, of more than `maxPixels`, or of a type other than float16,
 *   float32, float64, uint8 and uint16, little-endian and row by row.
 */
export function readNpySamples(bytes: Uint8Array, maxPixels: number, channels = 1): Samples {
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
  const isFirstC = sides.length === 3 && sides[0] === channels && sides[2] !== channels;
  const [height, width, depth = 1] = isFirstC ? [sides[1], sides[2], sides[0]] : sides;
  if (![2, 3].includes(sides.length) || depth !== channels || !sides.every((side) => side >= 1)) {
    throw new Error(
      `numpy.save wrote an array of shape [${sides}], not ${
        channels === 1 ? "one value" : `${channels} values`
      } for each pixel`,
    );
  }
  const pixels = width * height;
  if (!(pixels <= maxPixels)) throw new Error(`${width}x${height} values exceed ${maxPixels}`);
  const [size, Values, read] = reader;
  const count = pixels * channels;
  if (end + count * size > bytes.length) throw new Error("the file of numpy.save is cut off");
  const values = new Values(count);
  const [acrossPixel, acrossChannel] = isFirstC ? [1, pixels] : [channels, 1];
  for (let pixel = 0, to = 0; to < count; pixel++) {
    for (let c = 0; c < channels; c++, to++) {
      values[to] = read(view, end + (pixel * acrossPixel + c * acrossChannel) * size);
    }
  }
  return { width, height, channels, values };
}
