/**
 * The samples of TIFF files.
 *
 * @module
 */
import type { Samples } from "./samples.ts";
import { decompress } from "./tiff_compression.ts";
import { readDirectory } from "./tiff_directory.ts";

/** Values of the PhotometricInterpretation tag. */
export const photometrics = {
  whiteIsZero: 0,
  blackIsZero: 1,
  rgb: 2,
  palette: 3,
  cmyk: 5,
} as const;

/** Samples of a TIFF file, and what they mean. */
export interface TiffSamples extends Samples {
  /** Bytes, also for single bits, which are spread; 16 bits whole. */
  readonly values: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;
  /** One of {@linkcode photometrics}. */
  readonly photometric: number;
  /** Colours of a palette, 16 bits each: all reds, all greens, all blues. */
  readonly colourMap: readonly number[];
}

/** How the samples of an image lie in its blocks. */
interface Layout {
  readonly width: number;
  readonly height: number;
  readonly photometric: number;
  readonly bits: number;
  readonly samples: number;
  /** Whether each sample has blocks of its own. */
  readonly isPlanar: boolean;
  readonly predictor: number;
  readonly little: boolean;
  readonly colourMap: readonly number[];
}

/** Values that an image may hold: 16 channels of the largest image that is decoded. */
const MAX_VALUES = 2 ** 30;

/**
 * Reads the first page of TIFF bytes.
 *
 * Read are strips and tiles, uncompressed, PackBits, LZW and Deflate, with a pixel's samples side by side or in planes, of
 * bilevel, grayscale, palette, RGB and CMYK images of 1, 8 or 16 bits a sample, with any number of extra samples.
 *
 * @throws {Error} If the file is damaged, or uses another feature of the format.
 */
export function readTiffSamples(bytes: Uint8Array): TiffSamples {
  const directory = readDirectory(
    new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  );
  const layout = readLayout(directory.first, directory.all, directory.little);
  const { width, height, samples, bits, isPlanar } = layout;
  const isTiled = directory.all(322).length > 0;
  const blockWidth = directory.first(322, width);
  const blockHeight = directory.first(isTiled ? 323 : 278, height);
  const offsets = directory.all(isTiled ? 324 : 273);
  const counts = directory.all(isTiled ? 325 : 279);
  const compression = directory.first(259, 1);
  const blockSamples = isPlanar ? 1 : samples;
  const rowBytes = Math.ceil(blockWidth * blockSamples * bits / 8);
  const across = Math.ceil(width / blockWidth);
  const perPlane = across * Math.ceil(height / blockHeight);
  if (offsets.length < perPlane * (isPlanar ? samples : 1)) throw new Error("blocks missing");

  const size = width * height * samples;
  if (size > MAX_VALUES) throw new Error(`${samples} samples of ${width}x${height} pixels`);
  const values = bits === 16 ? new Uint16Array(size) : new Uint8Array(size);
  offsets.forEach((offset, i) => {
    const plane = isPlanar ? Math.floor(i / perPlane) : 0;
    const place = isPlanar ? i % perPlane : i;
    const left = (place % across) * blockWidth;
    const top = Math.floor(place / across) * blockHeight;
    const rows = Math.min(blockHeight, height - top);
    if (rows <= 0 || plane >= samples) return;
    if (offset + counts[i] > bytes.length) throw new Error("the file is cut off");
    const stored = bytes.subarray(offset, offset + counts[i]);
    const block = decompress(stored, compression, rowBytes * (isTiled ? blockHeight : rows));
    const kept = Math.min(blockWidth, width - left) * blockSamples;
    for (let y = 0; y < rows; y++) {
      const row = block.subarray(y * rowBytes, (y + 1) * rowBytes);
      const read = readRow(row, layout, { columns: blockWidth, samples: blockSamples });
      const to = ((top + y) * width + left) * samples;
      if (!isPlanar) values.set(read.subarray(0, kept), to);
      else for (let x = 0; x < kept; x++) values[to + x * samples + plane] = read[x];
    }
  });
  const { photometric, colourMap } = layout;
  return { width, height, channels: samples, values, photometric, colourMap };
}

function readLayout(
  first: (tag: number, fallback: number) => number,
  all: (tag: number) => readonly number[],
  little: boolean,
): Layout {
  const layout = {
    width: first(256, 0),
    height: first(257, 0),
    photometric: first(262, photometrics.blackIsZero),
    bits: first(258, 1),
    samples: first(277, 1),
    isPlanar: first(284, 1) === 2,
    predictor: first(317, 1),
    little,
    colourMap: all(320),
  };
  const { photometric, bits, samples } = layout;
  const needed = { [photometrics.rgb]: 3, [photometrics.cmyk]: 4 }[photometric] ?? 1;
  const isSupported = photometric <= photometrics.cmyk && photometric !== 4 &&
    [1, 8, 16].includes(bits) && samples >= needed && (bits > 1 || samples === 1) &&
    first(284, 1) <= 2 && first(339, 1) === 1;
  if (!isSupported) {
    throw new Error(`photometric ${photometric}, ${samples} samples of ${bits} bits`);
  }
  return layout;
}

/** One row's samples: prediction undone, single bits spread. */
function readRow(
  row: Uint8Array,
  { bits, predictor, little, photometric }: Layout,
  { columns, samples }: { columns: number; samples: number },
): Uint8Array | Uint16Array {
  if (bits === 1) {
    const full = photometric === photometrics.palette ? 1 : 255;
    return Uint8Array.from(
      { length: columns },
      (_, x) => full * ((row[x >> 3] >> (7 - (x & 7))) & 1),
    );
  }
  const view = new DataView(row.buffer, row.byteOffset, row.byteLength);
  const values = bits === 8 ? row.slice() : Uint16Array.from(
    { length: row.length >> 1 },
    (_, i) => view.getUint16(2 * i, little),
  );
  if (predictor === 2) {
    for (let i = samples; i < values.length; i++) values[i] += values[i - samples];
  }
  return values;
}
