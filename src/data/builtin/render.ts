/**
 * Draws the images of the built-in dataset.
 *
 * @module
 */
import type { Stream } from "../random.ts";
import type { Motif } from "./motif.ts";

type Colour = readonly [number, number, number];

/** An image being drawn: red, green and blue from 0 to 255, `[size, size, 3]`. */
interface Canvas {
  readonly size: number;
  readonly values: Float32Array;
}

/** Distance between neighbouring figures, as a share of the image's side. */
const SPACING = 0.28;
/** Luminance of the ground and of the figures, so that every figure stands out. */
const DARK = [10, 110] as const;
const LIGHT = [150, 245] as const;
/** Sensor noise, in grey levels to either side. */
const NOISE = 12;
/** Columns and rows of colours that the ground blends between. */
const GROUND_CELLS = 4;

/**
 * A scene of many copies of one figure on a many-coloured ground.
 *
 * Colours, sizes, rotations and places change from figure to figure, not only from image to image.
 * Nearest pixels therefore do not tell the class, and two crops of an image have nothing in common
 * but the figure: it is what self-distillation finds.
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

/** A smooth blend of a grid of colours. */
function paintGround({ size, values }: Canvas, stream: Stream): void {
  const grid = Array.from({ length: GROUND_CELLS ** 2 }, () => randomColour(DARK, stream));
  const step = (GROUND_CELLS - 1) / size;
  const ease = (t: number) => t * t * (3 - 2 * t);
  for (let y = 0, i = 0; y < size; y++) {
    const row = Math.floor(y * step);
    const down = ease(y * step - row);
    for (let x = 0; x < size; x++, i += 3) {
      const column = Math.floor(x * step);
      const across = ease(x * step - column);
      const at = row * GROUND_CELLS + column;
      for (let c = 0; c < 3; c++) {
        const top = grid[at][c] + (grid[at + 1][c] - grid[at][c]) * across;
        const below = at + GROUND_CELLS;
        const bottom = grid[below][c] + (grid[below + 1][c] - grid[below][c]) * across;
        values[i + c] = top + (bottom - top) * down;
      }
    }
  }
}

/** Draws one figure of random size, rotation and colour. */
function stamp(
  { size, values }: Canvas,
  motif: Motif,
  centreX: number,
  centreY: number,
  stream: Stream,
): void {
  const radius = SPACING * size * stream.uniform(0.36, 0.54);
  const angle = stream.uniform(0, 2 * Math.PI);
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

function expose({ size, values }: Canvas, stream: Stream): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255);
  for (let i = 0; i < size * size; i++) {
    for (let c = 0; c < 3; c++) {
      pixels[4 * i + c] = values[3 * i + c] + stream.uniform(-NOISE, NOISE);
    }
  }
  return pixels;
}
