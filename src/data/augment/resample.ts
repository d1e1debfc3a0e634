import { tensor } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { DecodedImage } from "../image.ts";
import type { CropBox } from "./crop_box.ts";
import { hasBytes, isHeightFirst, resizeBytes } from "../pixels/resize.ts";
import { bicubic } from "./bicubic_weights.ts";
import { imageTensor } from "./resize.ts";
import { MOST_PIXELS, resizedWindow } from "./resized_window.ts";

/** Ways to resize, in the order of Pillow's numbers for them. */
export const interpolations = [
  "nearest",
  "lanczos",
  "bilinear",
  "bicubic",
  "box",
  "hamming",
] as const;

/** One of {@linkcode interpolations}. */
export type Interpolation = typeof interpolations[number];

interface Filter {
  /** Half its width in pixels, where nothing shrinks. */
  readonly support: number;
  /** Its value at a distance from the centre. */
  readonly at: (x: number) => number;
}

const sinc = (x: number) => x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);

const FILTERS: Record<Exclude<Interpolation, "nearest">, Filter> = {
  lanczos: { support: 3, at: (x) => Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0 },
  bilinear: { support: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, at: bicubic },
  box: { support: 0.5, at: (x) => x > -0.5 && x <= 0.5 ? 1 : 0 },
  hamming: {
    support: 1,
    at: (x) => Math.abs(x) < 1 ? sinc(x) * (0.54 + 0.46 * Math.cos(Math.PI * x)) : 0,
  },
};

/** Fractional bits of a weight for bytes. */
const PRECISION = 22;

/** What a pixel of the result takes: weights of the pixels from `first` on. */
interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

/**
 * An image, resized as Pillow resizes: columns first, of very tall ones rows, each filter widened where something shrinks.
 * Bytes are computed in whole numbers and rounded between the two, to Pillow's last bit.
 *
 * Source: `src/libImaging/Resample.c` and `Geometry.c` of Pillow 11; Pillow 13 takes rows first where that is less work.
 *
 * @param image The image.
 * @param size Rows and columns of the result.
 * @param interpolation By which filter.
 * @param window What of the result is wanted; nothing else is computed. Default: all.
 * @returns `[C, rows, columns]` of the window in the image's type, on the CPU.
 */
export function resample(
  { width, height, pixels }: DecodedImage,
  [rows, columns]: readonly [number, number],
  interpolation: Interpolation,
  window: CropBox = { top: 0, left: 0, height: rows, width: columns },
): Tensor {
  const channels = pixels.length / (width * height);
  const across = taps(width, columns, interpolation, [window.left, window.width]);
  const down = taps(height, rows, interpolation, [window.top, window.height]);
  const top = Math.min(...down.map(({ first }) => first));
  const bottom = Math.max(...down.map(({ first, weights }) => first + weights.length));
  const needed = pixels.subarray(top * width * channels, bottom * width * channels);
  const fromTop = down.map((tap) => ({ ...tap, first: tap.first - top }));
  const alongRows = (values: typeof pixels, lines: number) =>
    resizedSide(values, across, { lines, from: width, step: channels });
  const alongColumns = (values: typeof pixels, columns: number) =>
    resizedSide(values, fromTop, { lines: 1, from: bottom - top, step: columns * channels });
  const seen = isHeightFirst({ width, height }, rows)
    ? alongRows(alongColumns(needed, width), down.length)
    : alongColumns(alongRows(needed, bottom - top), across.length);
  return tensor(seen, { shape: [down.length, across.length, channels] }).permute([2, 0, 1]);
}

/**
 * An image, resized by any filter, bytes to Pillow's last bit. Floats are resized bicubically by libtorch, in a fifth of the
 * time that {@linkcode resample} takes.
 *
 * @param image The image.
 * @param size Rows and columns of the result.
 * @param interpolation By which filter. Default: bicubic.
 * @param window What of the result is wanted. Default: all.
 * @returns `[C, rows, columns]` of the window in the image's type, on the CPU.
 */
export function resizedImage(
  image: DecodedImage,
  size: readonly [rows: number, columns: number],
  interpolation: Interpolation = "bicubic",
  window: CropBox = { top: 0, left: 0, height: size[0], width: size[1] },
): Tensor {
  if (interpolation !== "bicubic") return resample(image, size, interpolation, window);
  if (!hasBytes(image)) return resizedWindow(imageTensor(image), size, window);
  if (size[0] * size[1] > MOST_PIXELS) return resample(image, size, interpolation, window);
  return imageTensor(resizeBytes(image, { height: size[0], width: size[1] }))
    .narrow(1, window.top, window.height).narrow(2, window.left, window.width);
}

/** Values `[lines, from, step]` to `[lines, taps, step]`, each a sum of those that lie `step` apart. */
function resizedSide<T extends DecodedImage["pixels"]>(
  values: T,
  taps: readonly Taps[],
  { lines, from, step }: { lines: number; from: number; step: number },
): T {
  const result = new (values.constructor as new (length: number) => T)(lines * taps.length * step);
  const isBytes = values instanceof Uint8Array;
  const one = isBytes ? 2 ** PRECISION : 1;
  const scaled = taps.map(({ first, weights }) => ({
    first,
    weights: isBytes
      ? weights.map((weight) => Math.round(Math.abs(weight) * one) * Math.sign(weight))
      : weights,
  }));
  let place = 0;
  for (let line = 0; line < lines; line++) {
    for (const { first, weights } of scaled) {
      const begin = (line * from + first) * step;
      for (let i = 0; i < step; i++) {
        let sum = 0, at = begin + i;
        for (const weight of weights) {
          sum += weight * values[at];
          at += step;
        }
        const value = isBytes ? (sum + one / 2) >> PRECISION : sum;
        result[place++] = value < 0 ? 0 : value > 255 ? 255 : value;
      }
    }
  }
  return result;
}

/** What each wanted pixel along a side of the result takes from the image's; weights sum to 1. */
function taps(
  from: number,
  to: number,
  interpolation: Interpolation,
  [begin, length]: readonly [begin: number, length: number],
): Taps[] {
  const scale = from / to;
  const centers = Array.from({ length }, (_, i) => (begin + i + 0.5) * scale);
  if (interpolation === "nearest" || from === to) {
    return centers.map((center) => ({ first: Math.floor(center), weights: [1] }));
  }
  const filter = FILTERS[interpolation];
  const filterScale = Math.max(1, scale);
  const support = filter.support * filterScale;
  return centers.map((center) => {
    const first = Math.max(0, Math.trunc(center - support + 0.5));
    const end = Math.min(from, Math.trunc(center + support + 0.5));
    const weights = Array.from(
      { length: end - first },
      (_, i) => filter.at((first + i - center + 0.5) / filterScale),
    );
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}
