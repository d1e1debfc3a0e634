/**
 * The samples of PNG files as they are stored.
 *
 * @module
 */
import { inflateSync } from "node:zlib";
import { readPngChunks } from "./png_chunks.ts";
import type { Samples } from "./samples.ts";

/** Samples of a pixel, by colour type: gray, RGB, palette, gray and alpha, RGB and alpha. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Where the pixels of each pass lie in an interlaced image: first column and row, then steps. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
const WHOLE = [[0, 0, 1, 1]] as const;

/**
 * Reads a PNG's samples without turning them to colours: a palette image gives its indices, gray of 1, 2 or 4 bits its
 * numbers from 0, 16 bits stay 16 bits.
 *
 * Source: PNG specification, third edition, sections 7 to 9.
 *
 * @throws {Error} If the file is no PNG, damaged, cut off or of more than `maxPixels`.
 */
export function readPngSamples(bytes: Uint8Array, maxPixels: number): Samples {
  const { header, data } = readPngChunks(bytes);
  const [width, height] = [header.getUint32(0), header.getUint32(4)];
  const [bits, type, , , interlace] = [8, 9, 10, 11, 12].map((at) => header.getUint8(at));
  const channels = CHANNELS[type];
  if (channels === undefined || ![1, 2, 4, 8, 16].includes(bits) || width * height === 0) {
    throw new Error(`the PNG header says ${width}x${height}, colour type ${type}, ${bits} bits`);
  }
  if (width * height > maxPixels) {
    throw new Error(`${width}x${height} pixels exceed the limit of ${maxPixels}`);
  }
  const count = width * height * channels;
  const values = bits === 16 ? new Uint16Array(count) : new Uint8Array(count);
  const passes = (interlace === 1 ? ADAM7 : WHOLE).map(([left, top, across, down]) => ({
    ...{ left, top, across, down },
    columns: Math.max(0, Math.ceil((width - left) / across)),
    rows: Math.max(0, Math.ceil((height - top) / down)),
  })).filter(({ columns, rows }) => columns * rows > 0);
  const rowBytes = (columns: number) => Math.ceil(columns * channels * bits / 8);
  const size = passes.reduce((sum, pass) => sum + pass.rows * (1 + rowBytes(pass.columns)), 0);
  const filtered = inflate(data, size);
  const pixelBytes = Math.max(1, channels * bits / 8);
  let at = 0;
  for (const { left, top, across, down, columns, rows } of passes) {
    const stride = rowBytes(columns);
    let above = new Uint8Array(stride);
    for (let y = 0; y < rows; y++, at += 1 + stride) {
      const row = filtered.subarray(at + 1, at + 1 + stride);
      unfilter(filtered[at], row, above, pixelBytes);
      above = row;
      for (let x = 0; x < columns; x++) {
        const to = ((top + y * down) * width + left + x * across) * channels;
        for (let c = 0; c < channels; c++) values[to + c] = sampleAt(row, x * channels + c, bits);
      }
    }
  }
  return { width, height, channels, values };
}

function inflate(data: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  let output: Uint8Array<ArrayBuffer>;
  try {
    output = new Uint8Array(inflateSync(data, { maxOutputLength: size }));
  } catch (error) {
    throw new Error(`the PNG is damaged (${(error as Error).message})`, { cause: error });
  }
  if (output.length < size) throw new Error("the PNG is damaged (rows are missing)");
  return output;
}

function sampleAt(row: Uint8Array, index: number, bits: number): number {
  if (bits === 8) return row[index];
  if (bits === 16) return row[2 * index] << 8 | row[2 * index + 1];
  const first = index * bits;
  return row[first >> 3] >> (8 - bits - (first & 7)) & ((1 << bits) - 1);
}

/** Undoes the prediction of a row from its left and upper neighbours, in place. */
function unfilter(filter: number, row: Uint8Array, above: Uint8Array, step: number): void {
  if (filter > 4) throw new Error(`the PNG is damaged (filter ${filter})`);
  if (filter === 0) return;
  for (let i = 0; i < row.length; i++) {
    const left = i < step ? 0 : row[i - step];
    const corner = i < step ? 0 : above[i - step];
    if (filter === 1) row[i] += left;
    else if (filter === 2) row[i] += above[i];
    else if (filter === 3) row[i] += (left + above[i]) >> 1;
    else row[i] += paeth(left, above[i], corner);
  }
}

/** Whichever of the three is nearest to `left + above - corner`. */
function paeth(left: number, above: number, corner: number): number {
  const toLeft = Math.abs(above - corner);
  const toAbove = Math.abs(left - corner);
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}
