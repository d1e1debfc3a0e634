import { deflateSync } from "node:zlib";
import { pngChunk } from "../../../src/data/codec/png_chunks.ts";

/** A PNG to write. */
interface PngToWrite {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample. Default: 8. */
  readonly bits?: 1 | 2 | 4 | 8 | 16;
  /** 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGB and alpha. Default: 0. */
  readonly type?: 0 | 2 | 3 | 4 | 6;
  /** Whether it is written in seven passes, coarse to fine. Default: false. */
  readonly interlaced?: boolean;
  /** Whether the checksum of the samples is wrong. Default: false. */
  readonly hasWrongChecksum?: boolean;
  /** Samples row by row. */
  readonly values: ArrayLike<number>;
}

const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

/** The bytes of a PNG, each row with the filter of its number modulo 5. A palette is a ramp of grays, backwards. */
export function writePng(image: PngToWrite): Uint8Array<ArrayBuffer> {
  const { width, height, bits = 8, type = 0, interlaced = false, values } = image;
  const channels = CHANNELS[type];
  const rows = (interlaced ? PASSES : [[0, 0, 1, 1]]).flatMap(([left, top, across, down]) => {
    const columns = range(left, width, across);
    const samples = (y: number) =>
      columns.flatMap((x) => range(0, channels).map((c) => values[(y * width + x) * channels + c]));
    return columns.length === 0 ? [] : filtered(range(top, height, down).map(samples), {
      bits,
      step: Math.max(1, channels * bits / 8),
    });
  });
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  header.set([bits, type, 0, 0, interlaced ? 1 : 0], 8);
  const ramp = Uint8Array.from({ length: 3 * 2 ** Math.min(8, bits) }, (_, i) => 255 - i / 3);
  const data = new Uint8Array(deflateSync(Uint8Array.from(rows.flat())));
  if (image.hasWrongChecksum) data[data.length - 1] ^= 1;
  return Uint8Array.from([
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...pngChunk("IHDR", header),
    ...type === 3 ? pngChunk("PLTE", ramp) : [],
    ...pngChunk("IDAT", data),
    ...pngChunk("IEND"),
  ]);
}

function range(start: number, end: number, step = 1): number[] {
  return Array.from(
    { length: Math.max(0, Math.ceil((end - start) / step)) },
    (_, i) => start + i * step,
  );
}

function filtered(rows: number[][], { bits, step }: { bits: number; step: number }): number[][] {
  const packed = rows.map((samples) => {
    const row = new Uint8Array(Math.ceil(samples.length * bits / 8));
    samples.forEach((value, i) => {
      if (bits === 16) row.set([value >> 8, value & 255], 2 * i);
      else row[i * bits >> 3] |= value << (8 - bits - (i * bits & 7));
    });
    return row;
  });
  return packed.map((row, y) => {
    const above = packed[y - 1] ?? new Uint8Array(row.length);
    const bytes = row.map((value, i) => {
      const [a, b, c] = [row[i - step] ?? 0, above[i], above[i - step] ?? 0];
      return value - [0, a, b, (a + b) >> 1, paeth(a, b, c)][y % 5];
    });
    return [y % 5, ...bytes];
  });
}

function paeth(a: number, b: number, c: number): number {
  return [a, b, c].reduce((best, value) =>
    Math.abs(a + b - c - value) < Math.abs(a + b - c - best) ? value : best
  );
}
