/**
 * Colour spaces of image files, turned to RGB as Pillow turns them.
 *
 * @module
 */
import { turnLab } from "./lab_table.ts";
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
