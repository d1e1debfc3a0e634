/**
 * What the tags of a TIFF say about its samples.
 *
 * @module
 */
import { type Colour, COLOUR_SAMPLES, type Picture } from "./samples.ts";
import type { TiffDirectory } from "./tiff_directory.ts";

/** How the samples of an image lie in its blocks. */
export interface TiffLayout {
  /** Columns as they are stored, before the picture is turned. */
  readonly width: number;
  /** Rows as they are stored. */
  readonly height: number;
  /** What the samples mean. */
  readonly colour: Colour;
  /** What the sample after the colour is. */
  readonly alpha: Picture["alpha"];
  /** Whether gray goes from white to black. */
  readonly isInverted: boolean;
  /** Bits of a sample. */
  readonly bits: number;
  /** Samples of a pixel. */
  readonly samples: number;
  /** Whether each sample has blocks of its own. */
  readonly isPlanar: boolean;
  /** 2 where samples are differences from their left neighbours. */
  readonly predictor: number;
  /** Whether the first pixel lies in the low bits of a byte. */
  readonly isReversed: boolean;
  /** The compression method. */
  readonly compression: number;
  /** Columns and rows that share one blue and one red difference, where samples are Y′CbCr that is turned to RGB here. */
  readonly subsampling?: readonly [columns: number, rows: number];
}

/** Numbers of tags. */
const tags = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  samples: 277,
  planar: 284,
  predictor: 317,
  extraSamples: 338,
  sampleFormat: 339,
  subsampling: 530,
} as const;

/** Values of the compression tag: none, and blocks that are JPEG files, perhaps without their tables. */
export const UNCOMPRESSED = 1, JPEG = 7;
/** Values of the photometric tag. */
const COLOURS: Readonly<Record<number, Colour>> = {
  0: "gray",
  1: "gray",
  2: "rgb",
  3: "palette",
  5: "cmyk",
  6: "ycbcr",
  8: "lab",
};
const UNREAD_COLOURS: Readonly<Record<number, string>> = {
  4: "transparency masks",
  9: "ICC L*a*b* colours",
  32803: "raw data of a camera's sensor",
  34892: "raw data of a camera's sensor",
};
/** What an extra sample can be. */
const [PREMULTIPLIED, STRAIGHT, COREL] = [1, 2, 999];
const SIGNED = 2;
/** Compressions that may have a predictor: LZW, Deflate and Zstandard. */
const PREDICTED = [5, 8, 32946, 50000];
/** The most samples a pixel may have: as many as can be asked for. */
const MOST_SAMPLES = 16;

/**
 * Reads the layout of an image.
 *
 * @throws {Error} If it is none that is read; the message names what is not.
 */
export function readLayout({ first, values }: TiffDirectory): TiffLayout {
  const photometric = first(tags.photometric, 0);
  const compression = first(tags.compression, 1);
  const samples = first(tags.samples, 1);
  const bits = first(tags.bits, 1);
  const named = COLOURS[photometric];
  if (named === undefined) {
    throw new Error(`${UNREAD_COLOURS[photometric] ?? `photometric ${photometric}`} are not read`);
  }
  if (samples > MOST_SAMPLES) {
    throw new Error(`it has ${samples} samples a pixel, and at most ${MOST_SAMPLES} are read`);
  }
  refuseNumbers({ bits, format: first(tags.sampleFormat, 1) });
  for (let i = 1; i < Math.min(values(tags.bits).length, samples); i++) {
    if (values(tags.bits).at(i) !== bits) throw new Error("its samples have different bits");
  }
  const isBands = named === "gray" && samples > 2 &&
    alphaOf(samples, { first, named }) === undefined;
  const colour = isBands ? "bands" : named === "ycbcr" && samples === 1 ? "gray" : named;
  if (samples < COLOUR_SAMPLES[colour] || samples < 1) {
    throw new Error(`it has ${samples} samples a pixel, too few for ${colour}`);
  }
  const isOfBytes = colour === "palette" || colour === "ycbcr" || compression === JPEG;
  if (bits < 8 && samples > 1 || bits > 8 && isOfBytes || bits % 8 > 0 && colour === "lab") {
    throw new Error(`${samples} samples of ${bits} bits for ${colour} are not read`);
  }
  const predictor = PREDICTED.includes(compression) ? first(tags.predictor, 1) : 1;
  if (predictor > 2 || predictor === 2 && ![8, 16].includes(bits)) {
    throw new Error(`predictor ${predictor} of ${bits} bits is not read`);
  }
  const isPlanar = first(tags.planar, 1) === 2 && samples > 1;
  const subsampling = subsamplingOf({ values, colour, compression });
  if (predictor === 2 && subsampling !== undefined && Math.max(...subsampling) > 1) {
    throw new Error("predicted Y′CbCr is read only with differences of every pixel");
  }
  if (isPlanar && colour === "ycbcr" && (subsampling !== undefined || compression === JPEG)) {
    throw new Error("Y′CbCr in planes is read only uncompressed, with differences of every pixel");
  }
  return {
    colour,
    bits,
    samples,
    compression,
    predictor,
    isPlanar,
    subsampling,
    width: first(tags.width, 0),
    height: first(tags.height, 0),
    alpha: alphaOf(samples, { first, named }),
    isInverted: photometric === 0,
    isReversed: first(tags.fillOrder, 1) === 2,
  };
}

/** Compressed Y′CbCr is turned to RGB by libtiff, uncompressed Y′CbCr without subsampling by Pillow. */
function subsamplingOf(
  { values, colour, compression }:
    & Pick<TiffDirectory, "values">
    & Pick<TiffLayout, "colour" | "compression">,
): TiffLayout["subsampling"] {
  if (colour !== "ycbcr" || compression === JPEG) return undefined;
  const told = values(tags.subsampling);
  const [across, down] = [0, 1].map((i) => told.length > i ? told.at(i) : 2);
  if (![1, 2, 4].includes(across) || ![1, 2, 4].includes(down)) {
    throw new Error(`colours of every ${across}x${down} pixels are not read`);
  }
  return compression === UNCOMPRESSED && across * down === 1 ? undefined : [across, down];
}

function refuseNumbers({ bits, format }: { bits: number; format: number }): void {
  const isRead = bits >= 1 && bits <= 16 && (format === 1 || format === SIGNED && bits === 8);
  if (isRead) return;
  const kind = { 2: "signed integers", 3: "floats", 5: "complex integers", 6: "complex floats" }[
    format
  ] ?? "integers";
  throw new Error(
    `${kind} of ${bits} bits are not read: save it with 8 or 16 unsigned bits a sample, or by numpy.save`,
  );
}

/**
 * What the sample after the colours is. Where nothing is said, a fourth sample of RGB is alpha, as in Pillow, which takes it
 * for premultiplied in compressed planes.
 */
function alphaOf(
  samples: number,
  { first, named }: { first: TiffDirectory["first"]; named: Colour },
): Picture["alpha"] {
  if (samples <= COLOUR_SAMPLES[named]) return undefined;
  const isPacked = first(tags.compression, UNCOMPRESSED) !== UNCOMPRESSED;
  const unsaidAlpha = isPacked && first(tags.planar, 1) === 2 ? PREMULTIPLIED : STRAIGHT;
  const extra = first(tags.extraSamples, named === "rgb" && samples === 4 ? unsaidAlpha : 0);
  if (extra === PREMULTIPLIED) return "premultiplied";
  return extra === STRAIGHT || extra === COREL ? "straight" : undefined;
}
