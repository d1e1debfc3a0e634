/**
 * BMP decoding.
 *
 * @module
 */
import { unpackRuns } from "./bmp_runs.ts";
import { paletteOf, type Picture } from "./samples.ts";
import { spreadBits } from "./spread_bits.ts";

/** What the headers of a BMP say. */
interface Header {
  readonly width: number;
  readonly height: number;
  /** Whether the first row is the upper one. */
  readonly isTopDown: boolean;
  /** Bits of a pixel. */
  readonly bits: number;
  /** One of {@linkcode METHODS}. */
  readonly compression: number;
  /** Colours of the palette, and bytes of each. */
  readonly colours: number;
  readonly colourBytes: number;
  /** Where what follows the header begins: masks or the palette. */
  readonly end: number;
  /** Which bits of a pixel are its red, green, blue and alpha. */
  readonly masks: readonly number[];
}

const METHODS = { raw: 0, rle8: 1, rle4: 2, masks: 3 } as const;
const FILE_HEADER = 14;
const OS2_HEADER = 12;
const INFO_HEADER = 40;
/** Bytes that headers may have: of OS/2 1 and 2, and of Windows from 3 to 5. */
const HEADERS = [OS2_HEADER, INFO_HEADER, 52, 56, 64, 108, 124];
/** The masks of pixels without any: 15 or 24 bits, blue lowest. */
const MASKS_15 = [0x7c00, 0x3e0, 0x1f, 0];
const MASKS_24 = [0xff0000, 0xff00, 0xff, 0];
const MASKS_32 = [0xff0000, 0xff00, 0xff, 0xff000000];

/** Every gray. */
const RAMP = Array.from({ length: 256 }, (_, gray) => [gray, gray, gray]);

/** Columns and rows. */
function bmpSize(view: DataView): readonly [number, number] {
  if (view.getUint32(FILE_HEADER, true) === OS2_HEADER) {
    return [view.getUint16(18, true), view.getUint16(20, true)];
  }
  return [view.getInt32(18, true), Math.abs(view.getInt32(22, true))];
}

/**
 * Decodes BMP bytes: every header from OS/2 to Windows 5, 1 to 32 bits a pixel, runs and bit masks.
 *
 * Source: Microsoft's BITMAPINFOHEADER, BITMAPV5HEADER and BITMAPCOREHEADER.
 *
 * @throws {Error} If the file is damaged or cut off, or uses another compression.
 */
function decodeBmp(bytes: Uint8Array): Picture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readHeader(view);
  const { width, height, bits, compression, isTopDown, colours, colourBytes, end } = header;
  const hasPalette = bits <= 8;
  const afterHeader = end + (compression === METHODS.masks && end === FILE_HEADER + 40 ? 12 : 0);
  const afterPalette = afterHeader + (hasPalette ? colours * colourBytes : 0);
  const told = view.getUint32(10, true);
  const start = told === 0 || told === end && hasPalette ? afterPalette : told;
  const isRuns = compression === METHODS.rle8 || compression === METHODS.rle4;
  const rowBytes = isRuns ? width : Math.ceil(width * bits / 32) * 4;
  const rows = isRuns
    ? unpackRuns(bytes.subarray(start), { width, height, isHalf: compression === METHODS.rle4 })
    : bytes.slice(start, start + rowBytes * height);
  // The last row needs no padding.
  const needed = rowBytes * (height - 1) + (isRuns ? width : Math.ceil(width * bits / 8));
  if (rows.length < needed) throw new Error("the file is cut off");

  const channels = hasPalette ? 1 : bits === 32 && header.masks[3] !== 0 ? 4 : 3;
  const values = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    const place = (isTopDown ? y : height - 1 - y) * width * channels;
    const row = rows.subarray(y * rowBytes, (y + 1) * rowBytes);
    if (!hasPalette) readMasked(row, header.masks, { bits, values, place, channels, width });
    else values.set(isRuns ? row : spreadBits(row, { bits, count: width }), place);
  }
  if (channels === 4) {
    return { width, height, channels, values, colour: "rgb", alpha: "straight" };
  }
  if (!hasPalette) return { width, height, channels, values, colour: "rgb" };
  const palette = readPalette(bytes.subarray(afterHeader, afterPalette), colourBytes);
  return { width, height, channels, values, colour: "palette", palette };
}

function readHeader(view: DataView): Header {
  const size = view.getUint32(FILE_HEADER, true);
  if (!HEADERS.includes(size)) throw new Error(`the BMP has a header of ${size} bytes`);
  const end = FILE_HEADER + size;
  const [width, height] = bmpSize(view);
  if (size === OS2_HEADER) {
    const bits = view.getUint16(24, true);
    const raw = { isTopDown: false, compression: METHODS.raw, colours: 2 ** bits, colourBytes: 3 };
    return checked({ width, height, bits, end, ...raw, masks: masksOf(view, size, bits) });
  }
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  return checked({
    width,
    height,
    isTopDown: view.getInt32(22, true) < 0,
    bits,
    compression,
    end,
    colourBytes: 4,
    colours: view.getUint32(46, true) || 2 ** bits,
    masks: masksOf(view, compression === METHODS.masks ? size : OS2_HEADER, bits),
  });
}

function checked(header: Header): Header {
  const { bits, compression, colours } = header;
  const isRead = [1, 2, 4, 8, 16, 24, 32].includes(bits) &&
    (compression === METHODS.raw || compression === METHODS.rle8 && bits === 8 ||
      compression === METHODS.rle4 && bits === 4 || compression === METHODS.masks && bits > 8);
  if (isRead && (bits > 8 || colours <= 65536)) return header;
  throw new Error(`BMP with ${bits} bits a pixel and compression ${compression} is not read`);
}

/** The masks of a pixel's colours; headers shorter than 56 bytes have none of alpha. */
function masksOf(view: DataView, headerBytes: number, bits: number): readonly number[] {
  if (bits <= 8) return [];
  if (headerBytes < INFO_HEADER) return bits === 16 ? MASKS_15 : MASKS_24;
  const masks = [54, 58, 62, 66].map((at, i) =>
    i < 3 || headerBytes >= 56 ? view.getUint32(at, true) : 0
  );
  return masks.every((mask) => mask === 0) ? MASKS_32 : masks;
}

interface Target {
  readonly bits: number;
  readonly values: Uint8Array;
  /** Where the row goes. */
  readonly place: number;
  readonly channels: number;
  readonly width: number;
}

/** One row's colours: the bits of each mask, spread to a byte. */
function readMasked(row: Uint8Array, masks: readonly number[], target: Target): void {
  const { bits, values, place, channels, width } = target;
  const bytes = bits >> 3;
  for (let c = 0; c < channels; c++) {
    const mask = masks[c];
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
    const full = mask >>> shift;
    const isByte = full === 255;
    for (let x = 0, at = 0, to = place + c; x < width; x++, at += bytes, to += channels) {
      let pixel = row[at] | row[at + 1] << 8;
      if (bytes > 2) pixel |= row[at + 2] << 16;
      if (bytes > 3) pixel |= row[at + 3] << 24;
      const value = (pixel & mask) >>> shift;
      values[to] = isByte || full === 0 ? value : Math.trunc(value * 255 / full);
    }
  }
}

/** The palette, stored blue first. */
/** The palette, which where it is all of gray from 0 up by ones goes on so beyond its colours, as in Pillow. */
function readPalette(stored: Uint8Array, colourBytes: number): Uint8Array<ArrayBuffer> {
  const count = Math.min(256, Math.floor(stored.length / colourBytes));
  const colours = Array.from({ length: count }, (_, i) => {
    const [b, g, r] = stored.subarray(i * colourBytes);
    return [r, g, b];
  });
  const isRamp = count > 2 && colours.every((colour, i) => colour.every((value) => value === i));
  return paletteOf((isRamp ? RAMP : colours).flat());
}

/** What reads BMP files. */
export const bmp = { size: bmpSize, decode: decodeBmp };
