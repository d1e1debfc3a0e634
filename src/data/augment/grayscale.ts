import type { Tensor } from "../../tensor/tensor.ts";
import { luma } from "./luma.ts";

/** Images `[n, 3, H, W]` without their colour: three equal channels. */
export function grayscale(images: Tensor): Tensor {
  return luma(images).expand(images.shape);
}
