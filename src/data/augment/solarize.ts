import { where } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";

const THRESHOLD = 128;

/** Images `[n, C, H, W]` with everything of 128 and above inverted. */
export function solarize(images: Tensor): Tensor {
  return where(images.lt(THRESHOLD), images, images.neg().add_(255));
}
