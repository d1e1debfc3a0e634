import { upsampleBilinear2d } from "../../nn/functional.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/**
 * The size of an image whose short side is given and whose long side stays in proportion.
 *
 * Source: `mmcv/image/geometric.py`, `rescale_size`.
 *
 * @returns Rows and columns.
 */
export function scaledSize(
  { width, height }: { readonly width: number; readonly height: number },
  short: number,
): [rows: number, columns: number] {
  const factor = short / Math.min(width, height);
  return [Math.trunc(height * factor + 0.5), Math.trunc(width * factor + 0.5)];
}

/**
 * Resizes images as OpenCV does with `INTER_LINEAR`: between the nearest four pixels, also when shrinking.
 *
 * @param images `[n, C, H, W]`, from 0 to 255.
 * @param size Rows and columns of the result.
 * @returns `[n, C, rows, columns]`, whole numbers from 0 to 255 in float32.
 */
export function resizeBilinear(images: Tensor, size: readonly [number, number]): Tensor {
  return scope(() => upsampleBilinear2d(images.to({ dtype: "float32" }), size).round_());
}
