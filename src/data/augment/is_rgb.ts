import type { Tensor } from "../../tensor/tensor.ts";

/** Whether images `[n, C, H, W]` are red, green and blue. Those are augmented in whole numbers, as Pillow does; others are not. */
export function isRgb(images: Tensor): boolean {
  return images.shape[1] === 3;
}
