import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";

const EPS = 1e-3;
const MEAN_WEIGHT = 0.15;
const GRADIENT_WEIGHT = 0.5;
/** Pixels from one to the next at each scale of the gradient loss. */
const STEPS = [1, 2, 4, 6];
/** Least variance, so that its root has a gradient. */
const LEAST = 1e-12;

/** Options of {@linkcode depthLoss}. */
export interface DepthLossOptions {
  /** Whether the variance is left out, as in the first 100 steps of the reference. Default: false. */
  warmUp?: boolean;
}

/**
 * The loss of depth estimation: {@linkcode scaleInvariantLoss} and half of {@linkcode gradientLoss}.
 *
 * @param predicted In metres, `[B, 1, H, W]`.
 * @param truth In metres, `[B, 1, H, W]`; 0 where unknown.
 * @returns A scalar.
 */
export function depthLoss(predicted: Tensor, truth: Tensor, options?: DepthLossOptions): Tensor {
  return scope(() =>
    scaleInvariantLoss(predicted, truth, options)
      .add(gradientLoss(predicted, truth).mul(GRADIENT_WEIGHT))
  );
}

/**
 * The scale-invariant logarithmic loss: with `g` the differences of `ln(depth + 0.001)` at all known pixels of the
 * batch, `√(var(g) + 0.15 mean(g)²)`; the variance is unbiased. 0 where nothing is known.
 *
 * Source: `dinov2/eval/depth/models/losses/sigloss.py`; [Eigen et al. 2014](https://arxiv.org/abs/1406.2283).
 *
 * @param predicted In metres, `[B, 1, H, W]`.
 * @param truth In metres, `[B, 1, H, W]`; 0 where unknown.
 * @returns A scalar.
 */
export function scaleInvariantLoss(
  predicted: Tensor,
  truth: Tensor,
  options: DepthLossOptions = {},
): Tensor {
  return scope(() => {
    const { difference, known } = logDifference(predicted, truth);
    const count = known.sum();
    const mean = difference.sum().div(count.clamp({ min: 1 }));
    if (options.warmUp) return mean.abs().mul(Math.sqrt(MEAN_WEIGHT));
    const deviation = difference.sub(mean).mul(known);
    const variance = deviation.mul(deviation).sum().div(count.sub(1).clamp({ min: 1 }));
    return variance.add(mean.mul(mean).mul(MEAN_WEIGHT)).clamp({ min: LEAST }).sqrt();
  });
}

/**
 * The gradient loss: how much the logarithmic difference changes from a pixel to the second next one, along rows and
 * along columns, at four scales, where both pixels are known.
 *
 * The reference's slices its four-dimensional maps as if they were matrices: what it compares are images of the batch
 * and channels, not rows and columns, and with its batch of 2 it is always 0. This one does what was meant.
 *
 * Source: `dinov2/eval/depth/models/losses/gradientloss.py`; Li and Snavely 2018.
 *
 * @param predicted In metres, `[B, 1, H, W]`.
 * @param truth In metres, `[B, 1, H, W]`; 0 where unknown.
 * @returns A scalar.
 */
export function gradientLoss(predicted: Tensor, truth: Tensor): Tensor {
  return scope(() => {
    const { difference, known } = logDifference(predicted, truth);
    const losses = STEPS.map((step) => {
      const [d, k] = [difference, known].map((x) =>
        x.slice(2, 0, undefined, step).slice(3, 0, undefined, step)
      );
      const count = k.sum().clamp({ min: 1 });
      return changes(d, k, 2).add(changes(d, k, 3)).div(count);
    });
    return losses.reduce((sum, loss) => sum.add(loss));
  });
}

/** The difference of logarithms, 0 where unknown, and 1 where known, both `[B, 1, H, W]`. */
function logDifference(predicted: Tensor, truth: Tensor): Record<"difference" | "known", Tensor> {
  const known = truth.gt(0).to({ dtype: predicted.dtype });
  const difference = predicted.add(EPS).log().sub(truth.add(EPS).log()).mul(known);
  return { difference, known };
}

/** The sum of changes over two pixels along a dimension. */
function changes(difference: Tensor, known: Tensor, dim: number): Tensor {
  const length = difference.shape[dim] - 2;
  if (length < 1) return difference.sum().mul(0);
  const pair = (x: Tensor) => [x.narrow(dim, 0, length), x.narrow(dim, 2, length)];
  const [a, b] = pair(difference);
  const [knowsA, knowsB] = pair(known);
  return a.sub(b).abs().mul(knowsA).mul(knowsB).sum();
}
