import type { Tensor } from "../../tensor/tensor.ts";

/** Images `[n, C, H, W]` mirrored left to right. */
export function horizontalFlip(images: Tensor): Tensor {
  return images.flip([3]);
}
