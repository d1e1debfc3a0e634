/**
 * GIF decoding.
 *
 * @module
 */
import { LzwStrings } from "./lzw.ts";
import { paletteOf, type Picture } from "./samples.ts";

/** Where the first frame of a GIF lies, and what its numbers mean. */
interface Frame {
  readonly left: number;
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
  readonly isInterlaced: boolean;
  /** Red, green and blue of each colour; absent where the file has no palette: numbers are gray. */
  readonly colours?: Uint8Array;
  /** The number of the transparent colour. */
  readonly transparent?: number;
  /** Where its compressed numbers begin. */
  readonly data: number;
}

const EXTENSION = 0x21;
const GRAPHIC_CONTROL = 0xf9;
const IMAGE = 0x2c;
/** The first row and the step of each pass of an interlaced frame (GIF89a, appendix E). */
const PASSES = [[0, 8], [4, 8], [2, 4], [1, 2]] as const;

/** The canvas, widened where the first frame exceeds it, as Pillow does. */
function gifSize(view: DataView): readonly [number, number] {
  const { left, top, columns, rows } = readFrame(view);
  return [
    Math.max(view.getUint16(6, true), left + columns),
    Math.max(view.getUint16(8, true), top + rows),
  ];
}

/**
 * Decodes the first frame of GIF bytes. The canvas around it has the transparent colour, or else the first, as in Pillow.
 *
 * @throws {Error} If the file is damaged or cut off before the first frame ends.
 */
function decodeGif(bytes: Uint8Array): Picture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frame = readFrame(view);
  const { left, top, columns, rows, isInterlaced, colours, transparent } = frame;
  const [width, height] = gifSize(view);
  const numbers = unpack(bytes, frame.data, columns * rows);
  const values = new Uint8Array(width * height).fill(transparent ?? 0);
  const order = isInterlaced
    ? PASSES.flatMap(([first, step]) =>
      Array.from({ length: Math.ceil((rows - first) / step) }, (_, i) => first + i * step)
    )
    : undefined;
  for (let i = 0; i < rows; i++) {
    const row = numbers.subarray(i * columns, (i + 1) * columns);
    values.set(row, (top + (order?.[i] ?? i)) * width + left);
  }
  const samples = { width, height, channels: 1, values };
  if (colours === undefined) {
    return {
      ...samples,
      colour: "gray",
      key: transparent === undefined ? undefined : [transparent],
    };
  }
  const palette = paletteOf(colours);
  if (transparent !== undefined) palette[4 * transparent + 3] = 0;
  return { ...samples, colour: "palette", palette };
}

/** Walks the blocks to the first frame (GIF89a, 18 to 24). */
function readFrame(view: DataView): Frame {
  let at = 13;
  const readColours = (flags: number) => {
    if ((flags & 0x80) === 0) return undefined;
    const length = 3 * 2 ** ((flags & 7) + 1);
    at += length;
    if (at > view.byteLength) throw new RangeError("the palette is cut off");
    return new Uint8Array(view.buffer, view.byteOffset + at - length, length);
  };
  const common = readColours(view.getUint8(10));
  let transparent: number | undefined;
  for (; view.getUint8(at) !== IMAGE;) {
    if (view.getUint8(at) !== EXTENSION) {
      at++; // stray bytes, which Pillow skips too
      continue;
    }
    if (view.getUint8(at + 1) === GRAPHIC_CONTROL && view.getUint8(at + 3) & 1) {
      transparent = view.getUint8(at + 6);
    }
    at += 2;
    while (view.getUint8(at) !== 0) at += 1 + view.getUint8(at);
    at++;
  }
  const [left, top, columns, rows] = [1, 3, 5, 7].map((i) => view.getUint16(at + i, true));
  const flags = view.getUint8(at + 9);
  at += 10;
  const colours = readColours(flags) ?? common;
  return {
    left,
    top,
    columns,
    rows,
    colours,
    transparent,
    isInterlaced: (flags & 0x40) !== 0,
    data: at,
  };
}

/** Unpacks codes of up to 12 bits, low bit first (GIF89a, appendix F), to a number of bytes. */
function unpack(bytes: Uint8Array, start: number, size: number): Uint8Array {
  const firstBits = bytes[start] ?? 0;
  if (firstBits > 11) throw new Error(`codes of ${firstBits} bits`);
  const strings = new LzwStrings(size, firstBits);
  let [at, blockEnd, bits, held, width] = [start + 1, start + 1, 0, 0, firstBits + 1];
  while (!strings.isFull) {
    while (held < width) {
      if (at === blockEnd) blockEnd = ++at + (bytes[at - 1] ?? 0);
      if (at >= bytes.length || at === blockEnd) throw new Error("the frame is cut off");
      bits |= bytes[at++] << held;
      held += 8;
    }
    const code = bits & ((1 << width) - 1);
    bits >>>= width;
    held -= width;
    if (code === strings.endCode) throw new Error("the frame ends early");
    if (code === strings.clearCode) {
      strings.clear();
      width = firstBits + 1;
      continue;
    }
    strings.write(code);
    if (strings.next === 1 << width && width < 12) width++;
  }
  return strings.output;
}

/** What reads GIF files. */
export const gif = { size: gifSize, decode: decodeGif };
