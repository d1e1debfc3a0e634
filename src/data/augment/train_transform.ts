import type { Device } from "../../tensor/device.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { DecodedImage } from "../image.ts";
import type { Stream } from "../../random/stream.ts";
import { drawCropBox } from "./crop_box.ts";
import { imageTensor, resizedCrop } from "./resize.ts";

/** Options of {@linkcode trainTransform}. */
export interface TrainTransformOptions {
  /** Source of all randomness. */
  stream: Stream;
  /** Where the crop is made. Default: the CPU. */
  device?: Device;
}

const SCALE = [0.08, 1] as const;
const FLIP = 0.5;

/**
 * An image as classifiers are trained on it: a random crop of 8 to 100 % of its area, resized, mirrored half the time.
 *
 * Source: `dinov2/data/transforms.py`, `make_classification_train_transform`.
 *
 * @param size Side of the square result in pixels.
 * @param options Randomness and device.
 * @returns `[C, size, size]` in the image's type.
 */
export function trainTransform(
  image: DecodedImage,
  size: number,
  { stream, device }: TrainTransformOptions,
): Tensor {
  const box = drawCropBox(image, SCALE, stream);
  const crop = resizedCrop(imageTensor(image, { device }), box, [size, size]);
  return stream.bernoulli(FLIP) ? crop.flip([2]) : crop;
}
