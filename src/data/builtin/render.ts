/**
 * Draws the images of the built-in dataset.
 *
 * @module
 */
import type { Stream } from "../random.ts";
import type { Motif } from "./motif.ts";

type Colour = readonly [number, number, number];

/**
 * A scene of many copies of one figure on a shaded background.
 *
 * Everything but the figure is chance: colours, contrast, size, rotation, place, light and noise.
 * Pixels therefore say little about the class, while every crop shows it.
 *
 * @returns RGBA bytes, `[size, size, 4]`.
 */
export function renderScene(motif: Motif, size: number, stream: Stream): Uint8ClampedArray {
  const canvas = new Float32Array(size * size * 3);
  const background = randomColour(stream);
  paintBackground(canvas, size, background, stream);
  const foreground = contrastingColour(background, stream);
  const radius = size * stream.uniform(0.09, 0.16);
  const cell = radius * stream.uniform(2, 2.6);
  const phase = [stream.uniform(0, cell), stream.uniform(0, cell)];
  for (let y = phase[1] - cell; y < size + cell; y += cell) {
    for (let x = phase[0] - cell; x < size + cell; x += cell) {
      const r = radius * stream.uniform(0.8, 1.1);
      const angle = stream.uniform(0, 2 * Math.PI);
      const jitter = () => stream.uniform(-0.2, 0.2) * cell;
      const colour = vary(foreground, 20, stream);
      stamp(canvas, size, motif, x + jitter(), y + jitter(), r, angle, colour);
    }
  }
  return expose(canvas, size, stream);
}

function randomColour(stream: Stream): Colour {
  return [stream.uniform(0, 255), stream.uniform(0, 255), stream.uniform(0, 255)];
}

function contrastingColour(background: Colour, stream: Stream): Colour {
  for (;;) {
    const colour = randomColour(stream);
    if (Math.abs(luminance(colour) - luminance(background)) > 70) return colour;
  }
}

function luminance([r, g, b]: Colour): number {
  return 0.299 * r + 0.587 * g + 0.114 * b;
}

function vary([r, g, b]: Colour, spread: number, stream: Stream): Colour {
  const shift = () => stream.uniform(-spread, spread);
  return [r + shift(), g + shift(), b + shift()];
}

/** A plane wave of low frequency between two similar colours. */
function paintBackground(canvas: Float32Array, size: number, colour: Colour, stream: Stream): void {
  const other = vary(colour, 40, stream);
  const angle = stream.uniform(0, 2 * Math.PI);
  const frequency = stream.uniform(0.5, 2) * 2 * Math.PI / size;
  const phase = stream.uniform(0, 2 * Math.PI);
  const stepX = frequency * Math.cos(angle);
  const stepY = frequency * Math.sin(angle);
  for (let y = 0, i = 0; y < size; y++) {
    for (let x = 0; x < size; x++, i += 3) {
      const mix = 0.5 + 0.5 * Math.sin(stepX * x + stepY * y + phase);
      for (let c = 0; c < 3; c++) canvas[i + c] = colour[c] + (other[c] - colour[c]) * mix;
    }
  }
}

function stamp(
  canvas: Float32Array,
  size: number,
  motif: Motif,
  centreX: number,
  centreY: number,
  radius: number,
  angle: number,
  colour: Colour,
): void {
  const cos = Math.cos(angle) / radius;
  const sin = Math.sin(angle) / radius;
  const reach = radius + 1;
  const top = Math.max(0, Math.floor(centreY - reach));
  const bottom = Math.min(size - 1, Math.ceil(centreY + reach));
  const left = Math.max(0, Math.floor(centreX - reach));
  const right = Math.min(size - 1, Math.ceil(centreX + reach));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const dx = x - centreX;
      const dy = y - centreY;
      const distance = motif(cos * dx + sin * dy, cos * dy - sin * dx) * radius;
      const cover = Math.min(1, Math.max(0, 0.5 - distance));
      if (cover === 0) continue;
      const i = (y * size + x) * 3;
      for (let c = 0; c < 3; c++) canvas[i + c] += (colour[c] - canvas[i + c]) * cover;
    }
  }
}

/** Light that falls off across the image, then sensor noise. */
function expose(canvas: Float32Array, size: number, stream: Stream): Uint8ClampedArray {
  const slopeX = stream.uniform(-0.3, 0.3) / size;
  const slopeY = stream.uniform(-0.3, 0.3) / size;
  const noise = stream.uniform(0, 24);
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255);
  for (let i = 0; i < size * size; i++) {
    const x = i % size;
    const light = 1 + slopeX * (x - size / 2) + slopeY * ((i - x) / size - size / 2);
    for (let c = 0; c < 3; c++) {
      pixels[4 * i + c] = canvas[3 * i + c] * light + stream.uniform(-noise, noise);
    }
  }
  return pixels;
}
