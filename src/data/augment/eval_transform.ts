import type { Tensor } from "../../tensor/tensor.ts";
import type { DecodedImage } from "../image.ts";
import { roundHalfToEven } from "../../random/round_half_to_even.ts";
import { imageTensor } from "./resize.ts";
import { resizedWindow } from "./resized_window.ts";

/** Options of {@linkcode evalTransform}. */
export interface EvalTransformOptions {
  /** Length of the short side before the crop. Default: {@linkcode shortSideFor}. */
  resize?: number;
}

/** The length of the short side before the crop where none is given: 256 for 224 pixels, as in the reference, else the size itself. */
export function shortSideFor(size: number): number {
  return size === 224 ? 256 : size;
}

/**
 * An image as it is evaluated: short side resized, long side in proportion and rounded down, centre cropped.
 *
 * @param size Side of the square result in pixels.
 * @returns `[C, size, size]` in the image's type, on the CPU.
 */
export function evalTransform(
  image: DecodedImage,
  size: number,
  options: EvalTransformOptions = {},
): Tensor {
  const { resize = shortSideFor(size) } = options;
  const { width, height } = image;
  const short = Math.min(width, height);
  const [rows, columns] = [height, width].map((side) => Math.trunc(resize * side / short));
  const top = roundHalfToEven((rows - size) / 2), left = roundHalfToEven((columns - size) / 2);
  const box = { top, left, height: size, width: size };
  return resizedWindow(imageTensor(image), [rows, columns], box);
}
