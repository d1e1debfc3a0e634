import { logSoftmax } from "../nn/functional.ts";
import { lbfgs, type LbfgsOptions, type Objective } from "../optim/lbfgs.ts";
import { arange, cat, full, ones, tensor, zeros } from "../tensor/create.ts";
import { keep, scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import {
  checkFeatures,
  type LabelledFeatures,
  labelTensor,
} from "../features/labelled_features.ts";
import type { LinearClassifier } from "./linear_classifier.ts";
import { principalAxes } from "./principal_axes.ts";

/**
 * A fitted classifier in float64. Classes without images have weights of zero and a bias of minus infinity.
 */
export interface LogisticFit extends LinearClassifier {
  /** Mean cross-entropy plus penalty. */
  readonly loss: number;
  /** Steps the optimiser took. */
  readonly iterations: number;
  /** Whether it converged. */
  readonly converged: boolean;
}

const BLOCK_ELEMENTS = 2 ** 22;

/**
 * Multinomial logistic regression with a penalty on the squares of the weights, but not of the biases: minimises
 *
 *     mean cross-entropy + ‖weight‖² / (2 c n)
 *
 * over n images in float64, which for each `c` is scikit-learn's and cuML's problem divided by `c n`. Classes without
 * images take no part.
 */
export class LogisticRegression implements Disposable {
  /** Features centred and along their r principal axes, and a column of ones, `[n, r + 1]`. */
  readonly #x: Tensor;
  /** The mean of each of these columns squared, `[r + 1]`. */
  readonly #meanSquares: Tensor;
  /** The mean of the features, `[D]`. */
  readonly #mean: Tensor;
  /** The axes, as columns, `[D, r]`. */
  readonly #axes: Tensor;
  /** Each image's class among those present, `[n]`. */
  readonly #labels: Tensor;
  /** The numbers of the classes that have images. */
  readonly #present: readonly number[];
  readonly #classes: number;
  /** Where the last fit ended: the next one starts there. */
  #solution: Tensor;

  /**
   * Prepares the features.
   *
   * @param train The images, on the device to compute on.
   * @param classes How many classes there are in all.
   * @throws {RangeError} If there are no images.
   */
  constructor(train: LabelledFeatures, classes: number) {
    checkFeatures(train);
    const { device } = train.features;
    this.#classes = classes;
    this.#present = [...new Set(train.labels)].sort((a, b) => a - b);
    const rank = new Map(this.#present.map((label, i) => [label, i]));
    const ranks = train.labels.map((label) => rank.get(label)!);
    const float64 = { dtype: "float64", device } as const;
    [this.#x, this.#meanSquares, this.#mean, this.#axes, this.#labels, this.#solution] = keep(
      scope(() => {
        const features = train.features.to({ dtype: "float64" });
        // Free biases take up what is added to all features, the penalty knows no directions, and weights across all
        // features only cost: neither centring nor turning moves the optimum. Both make it easier to reach.
        const mean = features.mean(0);
        const centred = features.sub(mean);
        features.dispose(); // of a million images, each copy takes gigabytes
        const { eigenvalues, axes } = principalAxes(centred);
        const turned = centred.matmul(axes);
        centred.dispose();
        const x = cat([turned, ones([ranks.length, 1], float64)], 1);
        const solution = zeros([this.#present.length, x.shape[1]], float64);
        return [
          x,
          cat([eigenvalues, ones([1], float64)]),
          mean,
          axes,
          labelTensor(ranks, device),
          solution,
        ];
      }),
    );
  }

  /**
   * Fits the weights for one strength of the penalty, beginning where the last fit ended.
   *
   * @param c The inverse strength of the penalty.
   * @param options When to stop.
   * @throws {RangeError} If `c` is not above 0, or its inverse is infinite.
   */
  fit(c: number, options: LbfgsOptions = {}): LogisticFit {
    if (!(c > 0) || 1 / (c * this.#x.shape[0]) === Infinity) {
      throw new RangeError(`Cannot fit with C = ${c}: it must be above 0, with a finite inverse`);
    }
    return scope(() => {
      const scale = this.#scale(c);
      const objective = this.objective(c);
      const scaled: Objective = (x) => {
        const { value, gradient } = objective(x.mul(scale));
        return { value, gradient: gradient.mul(scale) };
      };
      const { x, value, ...how } = lbfgs(scaled, this.#solution.div(scale), options);
      this.#solution.dispose();
      this.#solution = keep(x.mul(scale));
      return { ...this.#inFeatures(this.#solution), loss: value, ...how };
    });
  }

  /**
   * The function to minimise for a strength of the penalty, of weights along the axes and biases, `[C, r + 1]`.
   */
  objective(c: number): Objective {
    const [count] = this.#x.shape;
    const classes = this.#present.length;
    const rows = Math.max(1, Math.floor(BLOCK_ELEMENTS / classes));
    const penalty = this.#penalty(c);
    return (theta) => {
      const penalised = theta.mul(penalty);
      const value = penalised.mul(theta).sum().mul(0.5);
      const gradient = penalised;
      for (let start = 0; start < count; start += rows) {
        scope(() => {
          const length = Math.min(rows, count - start);
          const x = this.#x.narrow(0, start, length);
          const labels = this.#labels.narrow(0, start, length).unsqueeze(1);
          const logs = logSoftmax(x.matmul(theta.t()), 1); // [rows, C]
          value.sub_(logs.gather(1, labels).sum().div(count));
          const own = labels.eq(arange(classes, { device: x.device }));
          gradient.add_(logs.exp().sub(own.to({ dtype: "float64" })).t().matmul(x).div(count));
        });
      }
      return { value, gradient };
    };
  }

  /** What the square of each weight, and of the bias, costs, `[r + 1]`. */
  #penalty(c: number): Tensor {
    const [count, columns] = this.#x.shape;
    const costs = Array(columns - 1).fill(1 / (c * count));
    return tensor([...costs, 0], { dtype: "float64", device: this.#x.device });
  }

  /** Units of the parameters, `[r + 1]`, in which the function is about equally curved in all directions. */
  #scale(c: number): Tensor {
    return this.#meanSquares.div(this.#present.length).add(this.#penalty(c)).rsqrt();
  }

  /** Weights and biases for the features as they were given, for all classes. */
  #inFeatures(theta: Tensor): Pick<LogisticFit, "weight" | "bias"> {
    const rank = theta.shape[1] - 1;
    const { device } = theta;
    const present = labelTensor(Uint32Array.from(this.#present), device);
    const weight = theta.narrow(1, 0, rank).matmul(this.#axes.t());
    const bias = theta.select(1, rank).sub(weight.matmul(this.#mean));
    const none = { dtype: "float64", device } as const;
    return {
      weight: zeros([this.#classes, this.#mean.shape[0]], none).indexCopy_(0, present, weight),
      bias: full([this.#classes], -Infinity, none).indexCopy_(0, present, bias),
    };
  }

  /** Frees the features. */
  [Symbol.dispose](): void {
    for (
      const item of [
        this.#x,
        this.#meanSquares,
        this.#mean,
        this.#axes,
        this.#labels,
        this.#solution,
      ]
    ) item.dispose();
  }
}
