import { tensor } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/**
 * The grey of colours as Pillow computes it, in whole numbers: `(19595 R + 38470 G + 7471 B + 32768) >> 16`. Exact in
 * float32: no sum reaches 2^24.
 *
 * @param images `[n, 3, H, W]`, whole numbers from 0 to 255.
 * @returns `[n, 1, H, W]`.
 */
export function luma(images: Tensor): Tensor {
  const weights = tensor([19595, 38470, 7471], { shape: [1, 3, 1, 1], device: images.device });
  return images.mul(weights).sum(1, { keepdim: true }).add_(32768).div_(65536).floor_();
}
