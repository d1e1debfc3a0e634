/**
 * Colour spaces of image files, turned to RGB as Pillow turns them.
 *
 * @module
 */
import type { Colour, Picture } from "./samples.ts";

type Bytes = Uint8Array<ArrayBuffer>;
/** Writes red, green and blue of the samples that begin at `at` to `rgb[to]`, `rgb[to + 1]` and `rgb[to + 2]`. */
type Turn = (samples: Bytes, at: number, rgb: Uint8ClampedArray, to: number) => void;

const TURNS: Readonly<Partial<Record<Colour, Turn>>> = {
  cmyk: turnCmyk,
  lab: turnLab,
  ycbcr: turnYcbcr,
};

/**
 * Turns inks, Y′CbCr or CIE L*a*b* to RGB. Samples after the colour are dropped.
 *
 * @param samples The samples, bytes.
 * @param layout How many a pixel has, and what they are.
 */
export function toRgb(samples: Bytes, { channels, colour }: Picture): Bytes {
  const turn = TURNS[colour]!;
  const rgb = new Uint8ClampedArray(samples.length / channels * 3);
  for (let at = 0, to = 0; to < rgb.length; at += channels, to += 3) turn(samples, at, rgb, to);
  return new Uint8Array(rgb.buffer);
}

/** Inks, where 0 is bare paper: `(255 − ink) · (255 − black) / 255`, rounded. */
function turnCmyk(samples: Bytes, at: number, rgb: Uint8ClampedArray, to: number): void {
  const paper = 255 - samples[at + 3];
  for (let c = 0; c < 3; c++) {
    const product = (255 - samples[at + c]) * paper + 128;
    rgb[to + c] = (product + (product >> 8)) >> 8;
  }
}

/** What each value of Cb and Cr adds to red, green and blue in ITU-R BT.601, in 64ths as Pillow rounds it. */
const [RED_OF_CR, GREEN_OF_CB, GREEN_OF_CR, BLUE_OF_CB] = [1.402, -0.34414, -0.71414, 1.772]
  .map((share) =>
    Int16Array.from({ length: 256 }, (_, i) => Math.trunc(64 * share * (i - 128) + 0.5))
  );

/** ITU-R BT.601 over the whole range of a byte. */
function turnYcbcr(samples: Bytes, at: number, rgb: Uint8ClampedArray, to: number): void {
  const y = samples[at];
  const [cb, cr] = [samples[at + 1], samples[at + 2]];
  rgb[to] = y + (RED_OF_CR[cr] >> 6);
  rgb[to + 1] = y + (GREEN_OF_CB[cb] + GREEN_OF_CR[cr] >> 6);
  rgb[to + 2] = y + (BLUE_OF_CB[cb] >> 6);
}

/** From linear XYZ of the white point D50 to linear sRGB, adapted by Bradford's matrix. */
const D50_TO_SRGB = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.0334540],
  [0.0719453, -0.2289914, 1.4052427],
];
const D50 = [0.9642, 1, 0.8249];

/** CIE L*a*b* (L from 0 to 255, a and b with 128 as their zero) to sRGB. */
function turnLab(samples: Bytes, at: number, rgb: Uint8ClampedArray, to: number): void {
  const y = (samples[at] * 100 / 255 + 16) / 116;
  const x = y + (samples[at + 1] - 128) / 500;
  const z = y - (samples[at + 2] - 128) / 200;
  const xyz = [x, y, z].map((v, i) =>
    D50[i] * (v > 6 / 29 ? v ** 3 : 3 * (6 / 29) ** 2 * (v - 4 / 29))
  );
  for (let c = 0; c < 3; c++) {
    const [fx, fy, fz] = D50_TO_SRGB[c];
    const linear = fx * xyz[0] + fy * xyz[1] + fz * xyz[2];
    const light = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
    rgb[to + c] = 255 * light;
  }
}
