import { tensor } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { DecodedImage } from "../image.ts";
import { type Interpolation, resizedImage } from "./resample.ts";

/**
 * How an image becomes a square: by its short side, the rest of the long one cut off; by both sides, out of proportion; or
 * by its long side, with a border.
 */
export const cropModes = ["center", "squash", "border"] as const;

/** One of {@linkcode cropModes}. */
export type CropMode = typeof cropModes[number];

/** Options of {@linkcode evalTransform}. */
export interface EvalTransformOptions {
  /** Length of the side before the crop. Default: {@linkcode shortSideFor}. */
  resize?: number;
  /** By which filter. Default: bicubic. */
  interpolation?: Interpolation;
  /** Default: center. */
  cropMode?: CropMode;
  /** The border's value in each channel, from 0 to 255. Default: 0. */
  fill?: readonly number[];
}

/** The length of the short side before the crop where none is given: 256 for 224 pixels, as in the reference, else the size itself. */
export function shortSideFor(size: number): number {
  return size === 224 ? 256 : size;
}

/**
 * An image as it is evaluated: resized, by default its short side, with the long side in proportion and rounded down; then
 * centre cropped.
 *
 * @param size Side of the square result in pixels.
 * @returns `[C, size, size]` in the image's type, on the CPU.
 */
export function evalTransform(
  image: DecodedImage,
  size: number,
  options: EvalTransformOptions = {},
): Tensor {
  const { resize = shortSideFor(size), interpolation = "bicubic", cropMode = "center" } = options;
  const { width, height } = image;
  const whole = [height, width].map((side) => {
    if (cropMode === "squash") return resize;
    if (cropMode === "center") return Math.trunc(resize * side / Math.min(width, height));
    return Math.max(1, roundHalfToEven(resize * side / Math.max(width, height)));
  }) as [rows: number, columns: number];
  const [top, left] = whole.map((side) => Math.max(0, roundHalfToEven((side - size) / 2)));
  const window = { top, left, height: Math.min(size, whole[0]), width: Math.min(size, whole[1]) };
  return bordered(resizedImage(image, whole, interpolation, window), size, options.fill);
}

/** `[C, H, W]` in the middle of `[C, size, size]`; of odd borders, the wider one follows. */
function bordered(image: Tensor, size: number, fill: readonly number[] = []): Tensor {
  const [channels, rows, columns] = image.shape;
  if (rows === size && columns === size) return image;
  const values = Array.from({ length: channels }, (_, channel) => fill[channel] ?? 0);
  const canvas = tensor(values, { shape: [channels, 1, 1] }).to({ dtype: image.dtype })
    .expand([channels, size, size]).clone();
  const [top, left] = [rows, columns].map((side) => Math.floor((size - side) / 2));
  canvas.narrow(1, top, rows).narrow(2, left, columns).copy_(image);
  return canvas;
}

/** The nearest whole number; a half goes to its even neighbour, as Python and PyTorch round. */
export function roundHalfToEven(x: number): number {
  const rounded = Math.round(x);
  return Math.abs(x % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
