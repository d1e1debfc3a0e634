/**
 * TIFF decoding.
 *
 * @module
 */
import { readOrientation } from "./orientation.ts";
import { paletteOf, type Picture } from "./samples.ts";
import { readTiffBlocks } from "./tiff_blocks.ts";
import { openTiff, type TiffDirectory } from "./tiff_directory.ts";
import { JPEG, readLayout, type TiffLayout } from "./tiff_layout.ts";

/** Numbers of tags. */
const tags = { kind: 254, width: 256, height: 257, colourMap: 320 } as const;

/** Columns and rows of the first page once it is turned upright. */
function tiffSize(view: DataView): readonly [number, number] {
  const directory = openTiff(view);
  const [width, height] = [directory.first(tags.width, 0), directory.first(tags.height, 0)];
  return readOrientation(directory) >= 5 ? [height, width] : [width, height];
}

/**
 * Decodes the first page of TIFF bytes, also of BigTIFF: strips and tiles, a pixel's samples side by side or in planes, of
 * 1 to 16 unsigned bits, uncompressed, PackBits, LZW, Deflate, Zstandard, CCITT or JPEG, of bilevel, gray, palette, RGB, CMYK,
 * Y′CbCr and L*a*b* images with any number of extra samples.
 *
 * @throws {Error} If the file is damaged, or uses another feature of the format.
 */
async function decodeTiff(bytes: Uint8Array<ArrayBuffer>): Promise<Picture> {
  const view = viewOf(bytes);
  const directory = openTiff(view);
  if (directory.isCutOff) throw new Error("its tags are cut off");
  const layout = readLayout(directory);
  const { width, height, samples, colour, alpha, bits } = layout;
  const values = await readTiffBlocks(bytes, directory, layout);
  if (colour !== "palette") spread(values, layout);
  if (colour === "lab") centre(values, layout);
  const isTurned = layout.subsampling !== undefined || layout.compression === JPEG;
  return {
    width,
    height,
    values,
    alpha,
    channels: samples,
    colour: colour === "ycbcr" && isTurned ? "rgb" : colour,
    palette: colour === "palette" ? readPalette(directory, bits) : undefined,
    notes: hasFurtherPages(view, directory) ? ["its further pages were not"] : undefined,
  };
}

/** Bits of a directory's kind: a smaller version of another image, or a mask. */
const [SMALLER, MASK] = [1, 4];
/** The most directories looked at: a file may have many smaller versions of its image, or go round in a circle. */
const MOST_LOOKED_AT = 64;

/** Whether other images follow the first one. */
function hasFurtherPages(view: DataView, first: TiffDirectory): boolean {
  let { next } = first;
  try {
    for (let i = 0; i < MOST_LOOKED_AT && next > 0; i++) {
      const directory = openTiff(view, next);
      if ((directory.first(tags.kind, 0) & (SMALLER | MASK)) === 0) return true;
      next = directory.next;
    }
  } catch { // what is said to follow is no image
  }
  return false;
}

/** Brings samples to the scale of their type, gray with 0 as black, in place. */
function spread(values: Uint8Array | Uint16Array, { bits, isInverted, samples }: TiffLayout): void {
  const full = bits > 8 ? 65535 : 255;
  const scale = full / (2 ** bits - 1);
  if (scale !== 1) {
    for (let i = 0; i < values.length; i++) values[i] = Math.round(values[i] * scale);
  }
  if (!isInverted) return;
  for (let i = 0; i < values.length; i += samples) values[i] = full - values[i];
}

/** Moves the zero of a and b, which are signed in the file, to the middle of their type, in place. */
function centre(values: Uint8Array | Uint16Array, { bits, samples }: TiffLayout): void {
  const middle = 1 << bits - 1;
  for (let i = 0; i < values.length; i += samples) {
    values[i + 1] ^= middle;
    values[i + 2] ^= middle;
  }
}

/** Colours of 16 bits: all reds, all greens, all blues. */
function readPalette({ values }: TiffDirectory, bits: number): Uint8Array<ArrayBuffer> {
  const colours = values(tags.colourMap);
  const stored = Math.floor(colours.length / 3); // perhaps more than there are numbers
  const entries = Math.min(2 ** bits, stored);
  if (entries === 0) throw new Error("its palette is missing or cut off");
  return paletteOf(
    Array.from(
      { length: 3 * entries },
      (_, i) => colours.at((i % 3) * stored + Math.floor(i / 3)) >> 8,
    ),
  );
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** What reads TIFF files. */
export const tiff = {
  size: tiffSize,
  decode: decodeTiff,
  orientation: (bytes: Uint8Array) => readOrientation(openTiff(viewOf(bytes))),
  isTurned: true,
};
