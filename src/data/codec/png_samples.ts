/**
 * The samples of PNG files as they are stored.
 *
 * @module
 */
import { inflate } from "./inflate.ts";
import { type PngChunks, readPngChunks } from "./png_chunks.ts";
import { unfilter } from "./png_filter.ts";
import type { Samples } from "./samples.ts";
import { spreadBits } from "./spread_bits.ts";

/** What the header of a PNG says. */
export interface PngHeader {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Bits of a sample: 1, 2, 4, 8 or 16. */
  readonly bits: number;
  /** Colour type: 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGB and alpha. */
  readonly type: number;
  /** Samples of a pixel. */
  readonly channels: number;
  /** Whether the pixels come in seven passes. */
  readonly isInterlaced: boolean;
}

/** Samples of a pixel, by colour type. */
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
 * @throws {Error} If the file is no PNG, damaged anywhere, cut off or of more than `maxPixels`.
 */
export function readPngSamples(bytes: Uint8Array, maxPixels: number): Samples {
  const chunks = readPngChunks(bytes);
  const { width, height } = readPngHeader(chunks);
  const refuseDamage = (notes: readonly string[]) => {
    if (notes.length > 0) throw new Error(notes[0]);
  };
  refuseDamage(chunks.notes);
  if (width * height > maxPixels) {
    throw new Error(`${width}x${height} pixels exceed the limit of ${maxPixels}`);
  }
  const { notes, ...samples } = readPngValues(chunks);
  refuseDamage(notes);
  return samples;
}

/**
 * Reads the header of a PNG.
 *
 * @throws {Error} If it is not that of a PNG.
 */
export function readPngHeader({ header }: PngChunks): PngHeader {
  const [width, height] = [header.getUint32(0), header.getUint32(4)];
  const [bits, type, filters, interlace] = [8, 9, 11, 12] // compression is one, whatever its number
    .map((at) => header.getUint8(at));
  const channels = CHANNELS[type];
  const isKnown = channels !== undefined && [1, 2, 4, 8, 16].includes(bits) &&
    (bits >= 8 || channels === 1) && (bits <= 8 || type !== 3) && filters === 0;
  if (!isKnown || width * height === 0) {
    throw new Error(`the PNG header says ${width}x${height}, colour type ${type}, ${bits} bits`);
  }
  return { width, height, bits, type, channels, isInterlaced: interlace !== 0 };
}

/**
 * Reads the samples as {@linkcode readPngSamples} does, but only notes damage that does not affect them.
 *
 * Source: PNG specification, third edition, sections 7 to 9.
 *
 * @throws {Error} If samples are damaged or missing.
 */
export function readPngValues(chunks: PngChunks): Samples & { readonly notes: readonly string[] } {
  const { width, height, bits, channels, isInterlaced } = readPngHeader(chunks);
  const passes = (isInterlaced ? ADAM7 : WHOLE).map(([left, top, across, down]) => ({
    left,
    top,
    across,
    down,
    columns: Math.max(0, Math.ceil((width - left) / across)),
    rows: Math.max(0, Math.ceil((height - top) / down)),
  })).filter(({ columns, rows }) => columns * rows > 0);
  const rowBytes = (columns: number) => Math.ceil(columns * channels * bits / 8);
  const size = passes.reduce((sum, pass) => sum + pass.rows * (1 + rowBytes(pass.columns)), 0);
  const { bytes: filtered, hasWrongChecksum } = inflateRows(chunks, size);
  const pixelBytes = Math.max(1, channels * bits / 8);
  const count = width * height * channels;
  const values = bits === 16 ? new Uint16Array(count) : new Uint8Array(count);
  let at = 0, isShort = false;
  for (const { left, top, across, down, columns, rows } of passes) {
    const stride = rowBytes(columns);
    let above = new Uint8Array(stride);
    for (let y = 0; y < rows; y++, at += 1 + stride) {
      if (at + 1 + stride > filtered.length) { // after a whole row the others stay black, as in Pillow
        if (at === 0 || at < filtered.length) throw new Error(MISSING_ROWS);
        isShort = true;
        break;
      }
      const row = filtered.subarray(at + 1, at + 1 + stride);
      unfilter(filtered[at], row, above, pixelBytes);
      above = row;
      const numbers = spreadBits(row, { bits, count: columns * channels });
      const start = ((top + y * down) * width + left) * channels;
      if (across === 1) values.set(numbers, start);
      else {
        for (let i = 0; i < numbers.length; i++) {
          const x = Math.floor(i / channels);
          values[start + x * across * channels + i % channels] = numbers[i];
        }
      }
    }
  }
  const notes = isShort ? [MISSING_ROWS] : hasWrongChecksum ? [WRONG_CHECKSUM] : chunks.notes;
  return { width, height, channels, values, notes };
}

/** Noted where nothing else is damaged, so that the samples are intact. Pillow refuses such files. */
const WRONG_CHECKSUM = "the PNG is damaged (checksum of its samples)";
const MISSING_ROWS = "the PNG is damaged (rows are missing)";

function inflateRows({ data, notes }: PngChunks, size: number): ReturnType<typeof inflate> {
  let rows: ReturnType<typeof inflate>;
  try {
    rows = inflate(data, size);
  } catch (error) {
    throw new Error(notes[0] ?? `the PNG is damaged (${(error as Error).message})`, {
      cause: error,
    });
  }
  const isDoubtful = rows.hasWrongChecksum || rows.bytes.length < size;
  if (isDoubtful && notes.length > 0) throw new Error(notes[0]);
  return rows;
}
