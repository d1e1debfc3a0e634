import { ones, stack, where } from "../../tensor/create.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { bootstrapIntervals } from "./bootstrap.ts";

/**
 * The metrics of depth estimation under their usual names: errors in metres (`rmse`), relative to the depth (`abs_rel`,
 * `sq_rel`), of logarithms (`rmse_log`, `log10`, `silog`, the last times 100), and the share of pixels off by a factor
 * below 1.25, 1.25² and 1.25³ (`a1`, `a2`, `a3`).
 */
export const depthMetrics = [
  "rmse",
  "abs_rel",
  "sq_rel",
  "rmse_log",
  "log10",
  "silog",
  "a1",
  "a2",
  "a3",
] as const;

/** One of {@linkcode depthMetrics}. */
export type DepthMetric = typeof depthMetrics[number];

/** A metric's mean over images. */
export interface DepthScore {
  /** The mean. */
  readonly mean: number;
  /** Its 95 % interval, over random draws of the images. */
  readonly interval: readonly [low: number, high: number];
}

/** Every metric. */
export type DepthScores = Readonly<Record<DepthMetric, DepthScore>>;

/**
 * Measures the depths of one image. Waits for the device.
 *
 * Source: `depth/core/evaluation/metrics.py` of Monocular-Depth-Estimation-Toolbox.
 *
 * @param predicted In metres, any shape.
 * @param truth In metres, the same shape.
 * @param valid Which pixels count, bool, the same shape.
 * @returns The metrics in the order of {@linkcode depthMetrics}, or undefined if no pixel counts.
 * @throws {RangeError} If a depth that counts is NaN or infinite.
 */
export function measureDepth(
  predicted: Tensor,
  truth: Tensor,
  valid: Tensor,
): Float64Array | undefined {
  const sums = scope(() => {
    const { device } = predicted;
    // 1 m wherever a pixel does not count: no error, and no logarithm of 0.
    const one = ones([], { dtype: "float64", device });
    const [p, t] = [predicted, truth].map((x) => where(valid, x.to({ dtype: "float64" }), one));
    const difference = p.sub(t);
    const logDifference = p.log().sub(t.log());
    const ratio = p.div(t).maximum(t.div(p));
    const within = (factor: number) => ratio.lt(factor).logicalAnd(valid).sum();
    const squared = difference.mul(difference);
    return stack([
      valid.sum(),
      squared.sum(),
      difference.abs().div(t).sum(),
      squared.div(t).sum(),
      logDifference.mul(logDifference).sum(),
      logDifference.abs().sum().div(Math.LN10),
      logDifference.sum(),
      ...[1, 2, 3].map((power) => within(1.25 ** power)),
    ].map((sum) => sum.to({ dtype: "float64" }))).toArray() as Float64Array;
  });
  if (sums[0] === 0) return undefined;
  if (!sums.every(Number.isFinite)) {
    throw new RangeError("Cannot score depths that are NaN, infinite or not above 0");
  }
  const [square, abs, sq, logSquare, log10, log, a1, a2, a3] = sums.subarray(1)
    .map((sum) => sum / sums[0]);
  const silog = 100 * Math.sqrt(Math.max(0, logSquare - log ** 2));
  return Float64Array.of(
    Math.sqrt(square),
    abs,
    sq,
    Math.sqrt(logSquare),
    log10,
    silog,
    a1,
    a2,
    a3,
  );
}

/**
 * Averages the metrics of images.
 *
 * @param measured Of each image, by {@linkcode measureDepth}.
 * @throws {RangeError} If there is none.
 */
export function depthScores(measured: readonly Float64Array[]): DepthScores {
  if (measured.length === 0) throw new RangeError("Cannot score depths without a known pixel");
  const means = (images: readonly Float64Array[]) =>
    depthMetrics.map((_, i) => images.reduce((sum, values) => sum + values[i], 0) / images.length);
  const intervals = bootstrapIntervals(
    measured.length,
    (draw) => means(draw.map((image) => measured[image])),
  );
  const scores = means(measured).map((mean, i): [DepthMetric, DepthScore] => [
    depthMetrics[i],
    { mean, interval: intervals[i] },
  ]);
  return Object.fromEntries(scores) as DepthScores;
}
