/**
 * Draws the images of the built-in dataset.
 *
 * @module
 */
import type { Stream } from "../../random/stream.ts";
import type { Motif } from "./motif.ts";

type Colour = readonly [number, number, number];

/** An image being drawn: red, green and blue from 0 to 255, `[size, size, 3]`. */
interface Canvas {
  readonly size: number;
  readonly values: Float32Array;
}

/** Distance between neighbouring figures, as a share of the image's side. */
const SPACING = 0.33;
/** Radius of a figure, as a share of the spacing. */
const RADIUS = [0.4, 0.5] as const;
/** How far a figure leans to either side, in radians. */
const LEAN = 0.2;
/** Luminance of the figures; they stand out from the ground. */
const LIGHT = [150, 245] as const;
/** Luminance of the colour that tints the ground, and how much of it shows on the grey that the rest is. */
const TINT = [60, 80] as const;
const TINT_SHARE = 0.35;
const GROUND_GREY = 45;
/** Columns and rows of shades that the ground blends between, from the darkest to the lightest. */
const GROUND_CELLS = 4;
const SHADES = [0.5, 1.1] as const;
/** How much light falls on a scene; its logarithm is even. */
const EXPOSURE = [0.3, 1.1] as const;
/** What the light's colour makes of each channel. */
const CAST = [0.6, 1.2] as const;
/** Grey levels that haze adds at most. */
const HAZE = 90;
/** Sensor noise, in grey levels to either side. */
const NOISE = 12;

/**
 * A scene of many copies of one figure, under a light of its own.
 *
 * Colours and places change from figure to figure, exposure, cast and haze from image to image. Nearest pixels, and
 * random weights, therefore tell the light and not the class; crops jittered in colour teach a network to look past
 * the light, at the figure, which is what two crops of an image have in common.
 *
 * @returns RGBA bytes, `[size, size, 4]`.
 */
export function renderScene(motif: Motif, size: number, stream: Stream): Uint8ClampedArray {
  const canvas = { size, values: new Float32Array(size * size * 3) };
  paintGround(canvas, stream);
  const spacing = SPACING * size;
  const startX = stream.uniform(-spacing, 0);
  const startY = stream.uniform(-spacing, 0);
  for (let y = startY; y < size + spacing; y += spacing) {
    for (let x = startX; x < size + spacing; x += spacing) {
      const centreX = x + spacing * stream.uniform(-0.2, 0.2);
      const centreY = y + spacing * stream.uniform(-0.2, 0.2);
      stamp(canvas, motif, centreX, centreY, stream);
    }
  }
  return expose(canvas, stream);
}

/** A colour of any hue with a luminance in the range. */
function randomColour([low, high]: readonly [number, number], stream: Stream): Colour {
  for (;;) {
    const [r, g, b] = [stream.uniform(0, 255), stream.uniform(0, 255), stream.uniform(0, 255)];
    const luminance = 0.299 * r + 0.587 * g + 0.114 * b;
    if (low <= luminance && luminance <= high) return [r, g, b];
  }
}

/** A grey of smoothly changing shade, slightly tinted. */
function paintGround({ size, values }: Canvas, stream: Stream): void {
  const colour = randomColour(TINT, stream).map((tint) => GROUND_GREY + TINT_SHARE * tint);
  const shades = Array.from({ length: GROUND_CELLS ** 2 }, () => stream.uniform(...SHADES));
  const step = (GROUND_CELLS - 1) / size;
  const ease = (t: number) => t * t * (3 - 2 * t);
  for (let y = 0, i = 0; y < size; y++) {
    const row = Math.floor(y * step);
    const down = ease(y * step - row);
    for (let x = 0; x < size; x++, i += 3) {
      const column = Math.floor(x * step);
      const across = ease(x * step - column);
      const at = row * GROUND_CELLS + column;
      const below = at + GROUND_CELLS;
      const top = shades[at] + (shades[at + 1] - shades[at]) * across;
      const bottom = shades[below] + (shades[below + 1] - shades[below]) * across;
      const shade = top + (bottom - top) * down;
      for (let c = 0; c < 3; c++) values[i + c] = shade * colour[c];
    }
  }
}

/** Draws one figure of random size, lean and colour. */
function stamp(
  { size, values }: Canvas,
  motif: Motif,
  centreX: number,
  centreY: number,
  stream: Stream,
): void {
  const radius = SPACING * size * stream.uniform(...RADIUS);
  const angle = stream.uniform(-LEAN, LEAN);
  const colour = randomColour(LIGHT, stream);
  const cos = Math.cos(angle) / radius;
  const sin = Math.sin(angle) / radius;
  const top = Math.max(0, Math.floor(centreY - radius - 1));
  const bottom = Math.min(size - 1, Math.ceil(centreY + radius + 1));
  const left = Math.max(0, Math.floor(centreX - radius - 1));
  const right = Math.min(size - 1, Math.ceil(centreX + radius + 1));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const dx = x - centreX;
      const dy = y - centreY;
      const distance = motif(cos * dx + sin * dy, cos * dy - sin * dx) * radius;
      const cover = Math.min(1, Math.max(0, 0.5 - distance)); // of the pixel, by the figure
      const i = (y * size + x) * 3;
      for (let c = 0; c < 3; c++) values[i + c] += (colour[c] - values[i + c]) * cover;
    }
  }
}

/** What a camera makes of the scene under a light of its own. RGBA bytes. */
function expose({ size, values }: Canvas, stream: Stream): Uint8ClampedArray {
  const [least, most] = EXPOSURE;
  const exposure = least * (most / least) ** stream.uniform(0, 1);
  const light = [0, 1, 2].map(() => exposure * stream.uniform(...CAST));
  const haze = stream.uniform(0, HAZE);
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255);
  for (let i = 0; i < size * size; i++) {
    for (let c = 0; c < 3; c++) {
      pixels[4 * i + c] = haze + light[c] * values[3 * i + c] + stream.uniform(-NOISE, NOISE);
    }
  }
  return pixels;
}
