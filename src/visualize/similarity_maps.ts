import { noGradScope } from "../autograd/mode.ts";
import { normalize } from "../nn/functional.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** A patch of one of several images. */
export interface PatchPlace {
  /** Which image, counted from 0. */
  readonly image: number;
  /** Its row, counted from 0. */
  readonly row: number;
  /** Its column, counted from 0. */
  readonly column: number;
}

/**
 * The cosine similarity of every patch to a chosen one.
 *
 * @param grids The patches' features, for each image `[D, rows, columns]`.
 * @param place The chosen patch.
 * @returns For each image `[rows, columns]`, from -1 to 1.
 */
export function similarityMaps(grids: readonly Tensor[], place: PatchPlace): Tensor[] {
  return noGradScope(() => {
    const directions = grids.map((grid) => normalize(grid, { dim: 0 }));
    const chosen = directions[place.image]
      .narrow(1, place.row, 1).narrow(2, place.column, 1); // [D, 1, 1]
    return directions.map((direction) => direction.mul(chosen).sum(0));
  });
}

/**
 * The patch that shows a point of an image.
 *
 * @param point In pixels of the image, from its top left corner.
 * @param image Columns and rows of the image in pixels.
 * @param grid Rows and columns of patches that the image was cut into.
 * @throws {RangeError} If the point lies outside the image.
 */
export function patchAt(
  point: readonly [x: number, y: number],
  image: { readonly width: number; readonly height: number },
  grid: readonly [rows: number, columns: number],
): { row: number; column: number } {
  const [x, y] = point;
  const { width, height } = image;
  if (!(x >= 0 && x < width && y >= 0 && y < height)) {
    throw new RangeError(
      `Cannot find the point ${x},${y} in an image of ${width} x ${height} pixels: x goes from 0 to ` +
        `${width - 1}, y from 0 to ${height - 1}`,
    );
  }
  return { row: Math.floor(y * grid[0] / height), column: Math.floor(x * grid[1] / width) };
}
