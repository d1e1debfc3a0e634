/**
 * Baseline TIFF decoding.
 *
 * @module
 */
import type { DecodedImage } from "../image.ts";
import { cmykToRgb } from "./pixel_layout.ts";
import { decompress } from "./tiff_compression.ts";
import { readDirectory } from "./tiff_directory.ts";

/** Values of the PhotometricInterpretation tag. */
const WHITE_IS_ZERO = 0;
const BLACK_IS_ZERO = 1;
const RGB = 2;
const PALETTE = 3;
const CMYK = 5;

/** How the samples of an image lie in its blocks. */
interface Layout {
  readonly width: number;
  readonly height: number;
  readonly photometric: number;
  readonly bits: number;
  readonly samples: number;
  readonly predictor: number;
  readonly little: boolean;
  readonly colourMap: readonly number[];
}

/**
 * Decodes the first page of TIFF bytes.
 *
 * Read are strips and tiles, uncompressed, PackBits, LZW and Deflate, of bilevel, grayscale,
 * palette, RGB and CMYK images of 1, 8 or 16 bits a sample. Extra samples (alpha) are dropped.
 *
 * @throws {Error} If the file is damaged, or uses another feature of the format.
 */
export function decodeTiff(bytes: Uint8Array): DecodedImage {
  const directory = readDirectory(
    new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  );
  const layout = readLayout(directory.first, directory.all, directory.little);
  const { width, height } = layout;
  const isTiled = directory.all(322).length > 0;
  const blockWidth = directory.first(322, width);
  const blockHeight = directory.first(isTiled ? 323 : 278, height);
  const offsets = directory.all(isTiled ? 324 : 273);
  const counts = directory.all(isTiled ? 325 : 279);
  const compression = directory.first(259, 1);
  const rowBytes = Math.ceil(blockWidth * layout.samples * layout.bits / 8);
  const across = Math.ceil(width / blockWidth);
  if (offsets.length < across * Math.ceil(height / blockHeight)) throw new Error("blocks missing");

  const pixels = new Uint8Array(width * height * 3);
  offsets.forEach((offset, i) => {
    const left = (i % across) * blockWidth;
    const top = Math.floor(i / across) * blockHeight;
    const rows = Math.min(blockHeight, height - top);
    if (rows <= 0) return;
    if (offset + counts[i] > bytes.length) throw new Error("the file is cut off");
    const stored = bytes.subarray(offset, offset + counts[i]);
    const block = decompress(stored, compression, rowBytes * (isTiled ? blockHeight : rows));
    for (let y = 0; y < rows; y++) {
      const row = block.subarray(y * rowBytes, (y + 1) * rowBytes);
      const rgb = rowToRgb(toBytes(row, layout, blockWidth), layout);
      const kept = Math.min(blockWidth, width - left) * 3;
      pixels.set(rgb.subarray(0, kept), ((top + y) * width + left) * 3);
    }
  });
  return { width, height, pixels };
}

function readLayout(
  first: (tag: number, fallback: number) => number,
  all: (tag: number) => readonly number[],
  little: boolean,
): Layout {
  const layout = {
    width: first(256, 0),
    height: first(257, 0),
    photometric: first(262, BLACK_IS_ZERO),
    bits: first(258, 1),
    samples: first(277, 1),
    predictor: first(317, 1),
    little,
    colourMap: all(320),
  };
  const { photometric, bits, samples } = layout;
  const needed = { [RGB]: 3, [CMYK]: 4 }[photometric] ?? 1;
  const isSupported = photometric <= CMYK && photometric !== 4 && [1, 8, 16].includes(bits) &&
    samples >= needed && (bits > 1 || samples === 1) && first(284, 1) === 1 && first(339, 1) === 1;
  if (!isSupported) {
    throw new Error(`photometric ${photometric}, ${samples} samples of ${bits} bits`);
  }
  return layout;
}

/** One row's samples as bytes: prediction undone, 16 bits cut to the high 8, single bits spread. */
function toBytes(row: Uint8Array, layout: Layout, columns: number): Uint8Array {
  const { bits, samples, predictor, little } = layout;
  if (bits === 1) {
    const full = layout.photometric === PALETTE ? 1 : 255;
    return Uint8Array.from(
      { length: columns },
      (_, x) => full * ((row[x >> 3] >> (7 - (x & 7))) & 1),
    );
  }
  if (bits === 8) {
    const values = row.slice();
    if (predictor === 2) {
      for (let i = samples; i < values.length; i++) values[i] += values[i - samples];
    }
    return values;
  }
  const view = new DataView(row.buffer, row.byteOffset, row.byteLength);
  const values = Uint16Array.from(
    { length: row.length >> 1 },
    (_, i) => view.getUint16(2 * i, little),
  );
  if (predictor === 2) {
    for (let i = samples; i < values.length; i++) values[i] += values[i - samples];
  }
  return Uint8Array.from(values, (value) => value >> 8);
}

function rowToRgb(row: Uint8Array, layout: Layout): Uint8Array {
  const { photometric, samples, colourMap } = layout;
  const columns = Math.floor(row.length / samples);
  const rgb = new Uint8Array(columns * 3);
  const entries = colourMap.length / 3;
  if (photometric === CMYK) {
    return cmykToRgb(row.filter((_, i) => i % samples < 4));
  }
  for (let x = 0; x < columns; x++) {
    for (let c = 0; c < 3; c++) {
      const value = row[x * samples + (photometric === RGB ? c : 0)];
      if (photometric === PALETTE) rgb[3 * x + c] = colourMap[c * entries + value] >> 8;
      else rgb[3 * x + c] = photometric === WHITE_IS_ZERO ? 255 - value : value;
    }
  }
  return rgb;
}
