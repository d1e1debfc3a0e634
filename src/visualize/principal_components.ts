import { allFinite } from "../features/finite_features.ts";
import { eigh } from "../tensor/eigh.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** The directions in which features vary most. */
export interface PrincipalComponents {
  /** The mean that was taken off, `[D]`, float64. */
  readonly mean: Tensor;
  /** Directions of length 1, orthogonal, those of most variance first, `[D, k]`, float64. */
  readonly directions: Tensor;
  /** The variance along each, `[k]`, float64. */
  readonly variances: Tensor;
}

/**
 * Finds principal components. A direction and its opposite serve alike; the one is given whose element of greatest
 * magnitude is positive, so that the same features give the same directions.
 *
 * @param features `[n, D]`.
 * @param count How many components, k.
 * @throws {RangeError} If there are not as many: at most D, and fewer than n; or if features are not finite.
 */
export function principalComponents(features: Tensor, count: number): PrincipalComponents {
  const [n, width] = features.shape;
  if (!Number.isInteger(count) || count < 1 || count > Math.min(width, n - 1)) {
    throw new RangeError(
      `Cannot find ${count} principal components of ${n} features of width ${width}: ` +
        `there are at most ${Math.min(width, n - 1)}`,
    );
  }
  if (!allFinite(features)) {
    throw new RangeError("Cannot find principal components of features that hold NaN or infinity");
  }
  return scope(() => {
    const rows = features.to({ dtype: "float64" });
    const mean = rows.mean(0);
    const centred = rows.sub(mean);
    const covariance = centred.t().matmul(centred).div(n - 1); // [D, D]
    const { eigenvalues, eigenvectors } = eigh(covariance);
    const last = (all: Tensor) => all.narrow(-1, width - count, count).flip([-1]);
    const directions = last(eigenvectors); // [D, k]
    const leading = directions.gather(0, directions.abs().argmax(0, { keepdim: true })); // [1, k]
    return {
      mean,
      directions: directions.mul(leading.div(leading.abs())),
      variances: last(eigenvalues),
    };
  });
}

/**
 * Coordinates of features along principal components.
 *
 * @param features `[n, D]`.
 * @returns `[n, k]`, float64, of mean 0 over the features that the components were found on.
 */
export function projectOnComponents(
  features: Tensor,
  { mean, directions }: PrincipalComponents,
): Tensor {
  return scope(() => features.to({ dtype: "float64" }).sub(mean).matmul(directions));
}
