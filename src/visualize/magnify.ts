import type { Tensor } from "../tensor/tensor.ts";

/** Short side in pixels from which a picture can be looked at. */
const LEGIBLE = 160;

/** The least whole factor by which pictures of a short side become large enough to look at. */
export function legibleFactor(shortSide: number): number {
  return Math.ceil(LEGIBLE / shortSide);
}

/**
 * Shows every element as a block of equal ones.
 *
 * @param picture `[..., rows, columns]`.
 * @param factor Side of a block, or its rows and columns.
 * @returns `[..., rows * factor, columns * factor]`.
 */
export function magnify(picture: Tensor, factor: number | readonly [number, number]): Tensor {
  const [down, across] = typeof factor === "number" ? [factor, factor] : factor;
  const [rows, columns] = picture.shape.slice(-2);
  const outer = picture.shape.slice(0, -2);
  return picture.unsqueeze(-1).unsqueeze(-3) // [..., rows, 1, columns, 1]
    .expand([...outer, rows, down, columns, across])
    .reshape([...outer, rows * down, columns * across]);
}
