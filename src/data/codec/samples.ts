/**
 * The numbers in a file that holds one or more for each pixel, and what they mean.
 *
 * @module
 */

/** Samples as they are stored: indices of a palette, not its colours; all of 16 bits. */
export interface Samples {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Samples of a pixel. */
  readonly channels: number;
  /** `[height, width, channels]`: whole numbers of 8 or 16 bits, or fractions from 0 to 1. */
  readonly values: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
}

/** Samples of 8 bits, or of 16. */
export type StoredSamples = Samples & {
  readonly values: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;
};

/** Samples of one byte. */
export type ByteSamples = Samples & { values: Uint8Array<ArrayBuffer> };

/** Colour spaces of image files: `bands` are channels that are no colours. */
export type Colour = "gray" | "rgb" | "palette" | "cmyk" | "ycbcr" | "lab" | "bands";

/** Samples of each pixel that tell its colour; alpha and unspecified ones may follow. */
export const COLOUR_SAMPLES: Readonly<Record<Colour, number>> = {
  gray: 1,
  rgb: 3,
  palette: 1,
  cmyk: 4,
  ycbcr: 3,
  lab: 3,
  bands: 0,
};

/** Samples and what they mean. Numbers of fewer than 8 bits are scaled to 8, except indices of a palette. */
export interface Picture extends Samples {
  /** What the first samples of a pixel are. */
  readonly colour: Colour;
  /** What the sample after the colour is. Default: unknown. */
  readonly alpha?: "straight" | "premultiplied";
  /** Red, green, blue and alpha of 256 entries. */
  readonly palette?: Uint8Array<ArrayBuffer>;
  /** The samples of the colour that is transparent. */
  readonly key?: readonly number[];
  /** What is to be said of the file though these samples are whole, to follow "it was read, but". */
  readonly notes?: readonly string[];
}

/** Bytes of a palette: red, green, blue and alpha for each value of a byte. */
const PALETTE_BYTES = 4 * 256;

/**
 * The palette of a file. Where it has too few colours the rest is black, as in Pillow.
 *
 * @param colours Red, green and blue of each entry.
 * @param alphas Alpha of the first entries. Default: opaque.
 */
export function paletteOf(colours: ArrayLike<number>, alphas: ArrayLike<number> = []) {
  const palette = new Uint8Array(PALETTE_BYTES);
  for (let i = 0; i < 256; i++) {
    for (let c = 0; c < 3; c++) palette[4 * i + c] = colours[3 * i + c] ?? 0;
    palette[4 * i + 3] = alphas[i] ?? 255;
  }
  return palette;
}
