import type { Tensor } from "../../tensor/tensor.ts";
import type { DecodedImage } from "../image.ts";
import type { Stream } from "../random.ts";
import { drawCropBox } from "./crop_box.ts";
import { horizontalFlip } from "./flip.ts";
import { imageTensor, resizedCrop } from "./resize.ts";

const SCALE = [0.08, 1] as const;
const FLIP = 0.5;

/**
 * An image as classifiers are trained on it: a random crop of 8 to 100 % of its area, resized, mirrored half the time.
 *
 * Source: `dinov2/data/transforms.py`, `make_classification_train_transform`.
 *
 * @param size Side of the square result in pixels.
 * @param stream Decides everything random.
 * @returns `[3, size, size]`, uint8, on the CPU.
 */
export function trainTransform(image: DecodedImage, size: number, stream: Stream): Tensor {
  const crop = resizedCrop(imageTensor(image), drawCropBox(image, SCALE, stream), [size, size]);
  return stream.bernoulli(FLIP) ? horizontalFlip(crop.unsqueeze(0)).squeeze(0) : crop;
}
