import { eigh } from "../tensor/eigh.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Directions without correlation. */
interface PrincipalAxes {
  /** The variance along each axis, `[r]`. */
  readonly eigenvalues: Tensor;
  /** The axes as columns of length 1, `[D, r]`. */
  readonly axes: Tensor;
}

/** Variance below this share of the largest is rounding. */
const NOTHING = 1e-13;

/**
 * The principal axes of points whose mean is 0: all D where there are at least as many points, else those along which
 * the points vary. Takes time with the cube of the smaller of both numbers.
 *
 * @param points `[n, D]`, float64.
 */
export function principalAxes(points: Tensor): PrincipalAxes {
  const [count, width] = points.shape;
  return scope(() => {
    if (count >= width) {
      const { eigenvalues, eigenvectors } = eigh(points.t().matmul(points).div(count));
      return { eigenvalues: eigenvalues.clamp({ min: 0 }), axes: eigenvectors };
    }
    const { eigenvalues: all, eigenvectors } = eigh(points.matmul(points.t()).div(count));
    const rank = all.gt(all.max().mul(NOTHING)).sum().item();
    const eigenvalues = all.narrow(0, count - rank, rank);
    const some = eigenvectors.narrow(1, count - rank, rank);
    return { eigenvalues, axes: points.t().matmul(some).div(eigenvalues.mul(count).sqrt()) };
  });
}
