import { gridSample, type Sampling } from "../../nn/functional.ts";
import { arange, stack } from "../../tensor/create.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/**
 * Images turned about their middle; what comes from outside is 0.
 *
 * @param images `[n, C, H, W]`, floating.
 * @param degrees Clockwise.
 * @param sampling Where values come from.
 * @returns The same shape.
 */
export function rotate(images: Tensor, degrees: number, sampling: Sampling): Tensor {
  return scope(() => {
    const [count, , height, width] = images.shape;
    const { device } = images;
    const radians = degrees * Math.PI / 180;
    const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
    const centred = (side: number) =>
      arange(side, { dtype: "float32", device }).sub((side - 1) / 2);
    const [y, x] = [centred(height).unsqueeze(1), centred(width).unsqueeze(0)];
    // Coordinates of the sampler go from -1 to 1 between the middles of the outermost pixels.
    const grid = stack([
      x.mul(cos).add(y.mul(sin)).mul(2 / Math.max(1, width - 1)),
      y.mul(cos).sub(x.mul(sin)).mul(2 / Math.max(1, height - 1)),
    ], 2); // [H, W, 2]
    const grids = grid.unsqueeze(0).expand([count, height, width, 2]);
    return gridSample(images, grids, sampling);
  });
}
