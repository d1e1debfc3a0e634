import { zeros } from "../tensor/create.ts";
import type { Device } from "../tensor/device.ts";
import { keep } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";

const MOMENTUM = 0.9;

/**
 * Targets by a softmax around the running mean of the teacher's logits, which keeps one prototype from taking all
 * (section 3.1 of the [DINO paper](https://arxiv.org/abs/2104.14294)).
 *
 * The reference adds a batch to the centre one iteration late, because the sum over processes runs meanwhile; here
 * the centre moves right after its use, which gives the same targets.
 */
export class SoftmaxCentering {
  /** The running mean of raw logits, of the shape the reference saves: `[1, K]`, or `[1, 1, K]` for patches. */
  readonly center: Tensor;

  /** Starts at a centre of 0. The instance owns it until {@linkcode SoftmaxCentering.dispose}. */
  constructor(shape: readonly number[], options: { device?: Device } = {}) {
    this.center = keep(zeros(shape, options));
  }

  /**
   * Makes targets; the centre then takes in the mean of the logits.
   *
   * @param logits The teacher's, `[n, K]`.
   * @param temperature The teacher's temperature.
   * @returns Probabilities `[n, K]`.
   */
  targets(logits: Tensor, temperature: number): Tensor {
    const wide = logits.to({ dtype: "float32" });
    const center = this.center.reshape([1, -1]);
    const targets = wide.sub(center).div(temperature).softmax(-1);
    if (wide.shape[0] > 0) center.lerp_(wide.mean(0, { keepdim: true }), 1 - MOMENTUM);
    return targets;
  }

  /** Frees the centre. */
  dispose(): void {
    this.center.dispose();
  }
}
