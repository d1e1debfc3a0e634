import { Stream } from "../random/stream.ts";
import { scope } from "../tensor/scope.ts";
import { type TopAccuracy, topAccuracy } from "./accuracy.ts";
import {
  checkFeatures,
  countClasses,
  type LabelledFeatures,
  selectImages,
} from "../features/labelled_features.ts";
import { countCorrect } from "./linear_classifier.ts";
import { LogisticRegression } from "./logistic_regression.ts";

/** Options of {@linkcode evaluateLogreg}. */
export interface LogregOptions {
  /** Inverse strengths of the penalty to choose from. Default: the reference's 45, from 1e-6 to 1e5. */
  cValues?: readonly number[];
  /** Most steps of the optimiser for each. Default: 1000. */
  maxIterations?: number;
  /** Of the choice of the images that are held out. Default: 0. */
  seed?: number;
  /** Called with the number of fits done so far, and of all. Default: ignored. */
  onProgress?: (done: number, total: number) => void;
}

/** The outcome of {@linkcode evaluateLogreg}. */
export interface LogregAccuracy extends TopAccuracy {
  /** The strength that was chosen. */
  readonly bestC: number;
  /** Whether the last fit converged before its steps ran out. */
  readonly converged: boolean;
  /** For each strength, the percentage of held-out images that were right. */
  readonly heldOut: readonly { readonly c: number; readonly percent: number }[];
}

const HELD_OUT = 0.1;

/** The reference's inverse strengths of the penalty: `10 ** linspace(-6, 5, 45)`. */
export const cPowers: readonly number[] = Array.from({ length: 45 }, (_, i) => 10 ** (-6 + i / 4));

/**
 * Evaluates features by logistic regression as the reference does: the strength of the penalty is the one that does best
 * on a random tenth of the training images, the least `c` among equals; then all training images are fitted.
 *
 * Source: `dinov2/eval/log_regression.py`.
 *
 * @param train Labelled training images, on the device to compute on.
 * @param val Labelled validation images, on the same device.
 * @param options Strengths and seed.
 * @throws {RangeError} If a set is empty, there are too few training images to hold one out, or an option is out of range.
 */
export function evaluateLogreg(
  train: LabelledFeatures,
  val: LabelledFeatures,
  options: LogregOptions = {},
): LogregAccuracy {
  const { cValues = cPowers, maxIterations, seed = 0, onProgress = () => {} } = options;
  checkFeatures(train, val);
  const total = train.labels.length;
  if (total < 2) throw new RangeError("Cannot hold out images of a single one: give more images");
  if (cValues.length === 0) throw new RangeError("Cannot choose C from an empty list");
  const classes = countClasses(train, val);
  const order = new Stream(seed, "held out").permutation(total);
  const count = Math.max(1, Math.floor(HELD_OUT * total));
  const heldOut = scope(() => {
    const held = selectImages(train, order.subarray(0, count));
    using regression = new LogisticRegression(
      selectImages(train, order.subarray(count)),
      classes,
    );
    const ascending = cValues.toSorted((a, b) => a - b); // each fit begins where the one before ended
    return ascending.map((c, i) => {
      const { top1 } = scope(() => countCorrect(regression.fit(c, { maxIterations }), held));
      onProgress(i + 1, ascending.length + 1);
      return { c, percent: 100 * top1 / count };
    });
  });
  const { c: bestC } = heldOut.reduce((best, one) => one.percent > best.percent ? one : best);
  using regression = new LogisticRegression(train, classes);
  const { counts, converged } = scope(() => {
    const fit = regression.fit(bestC, { maxIterations });
    return { counts: countCorrect(fit, val), converged: fit.converged };
  });
  onProgress(cValues.length + 1, cValues.length + 1);
  return { ...topAccuracy(counts, val.labels.length), bestC, converged, heldOut };
}
