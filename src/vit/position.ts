import { upsampleBicubic2d } from "../nn/functional.ts";
import type { Tensor } from "../tensor/tensor.ts";

/**
 * How a table of positions is interpolated for another grid; the two ways of the released models.
 */
export interface PositionOptions {
  /**
   * Added to the grid before the scale is taken, so that scales differ a little from the ratio of
   * the sizes. The models without registers were trained so. 0 resizes by the sizes alone. Default:
   * 0.1.
   */
  interpolateOffset?: number;
  /** Filters when resizing, as the models with registers do. Default: false. */
  interpolateAntialias?: boolean;
}

/**
 * Positions of the patches of a grid, from a learned square table; differentiable.
 *
 * Used as it is when the grid is the table's own, otherwise resized in float32 by cubic
 * convolution.
 *
 * @param table The table's patch entries, `[1, M², D]`.
 * @param grid Rows and columns of patches.
 * @param options How to resize.
 * @returns `[1, rows * columns, D]` in the table's type.
 */
export function interpolatePositions(
  table: Tensor,
  grid: readonly [number, number],
  options: PositionOptions = {},
): Tensor {
  const { interpolateOffset = 0.1, interpolateAntialias = false } = options;
  const [rows, columns] = grid;
  const [, entries, width] = table.shape;
  const side = Math.sqrt(entries);
  if (rows === side && columns === side) return table;
  const image = table.to({ dtype: "float32" })
    .reshape([1, side, side, width])
    .permute([0, 3, 1, 2]); // [1, D, M, M]
  const resized = upsampleBicubic2d(image, grid, {
    antialias: interpolateAntialias,
    scales: interpolateOffset === 0
      ? undefined
      : [(rows + interpolateOffset) / side, (columns + interpolateOffset) / side],
  }); // [1, D, rows, columns]
  return resized.flatten(2, 3).transpose(1, 2).to({ dtype: table.dtype }); // [1, rows * columns, D]
}
