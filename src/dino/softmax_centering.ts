import { softmax } from "../nn/functional.ts";
import { zeros } from "../tensor/create.ts";
import type { Device } from "../tensor/device.ts";
import { keep, scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type LogitParts, sumOverParts, type TargetMaker } from "./target_maker.ts";

const MOMENTUM = 0.9;

/**
 * Targets by a softmax around the running mean of the teacher's logits, which keeps one prototype from taking all
 * (section 3.1 of the [DINO paper](https://arxiv.org/abs/2104.14294)).
 *
 * The reference adds a batch to the centre one iteration late, because the sum over processes runs meanwhile; here
 * the centre moves once the batch has taken it up, which gives the same targets.
 */
export class SoftmaxCentering implements TargetMaker, Disposable {
  /** The running mean of raw logits, of the shape the reference saves: `[1, K]`, or `[1, 1, K]` for patches. */
  readonly center: Tensor;

  /** Starts at a centre of 0. The instance owns it until the end of a `using` block. */
  constructor(shape: readonly number[], options: { device?: Device } = {}) {
    this.center = keep(zeros(shape, options));
  }

  /** Takes the current centre for targets, then moves it towards the mean of all logits. */
  fit(parts: LogitParts, temperature: number): (logits: Tensor) => Tensor {
    const center = this.center.clone().reshape([1, -1]);
    const wide = (logits: Tensor) => logits.to({ dtype: "float32" });
    let rows = 0;
    scope(() => {
      const sum = sumOverParts(parts, (logits) => {
        rows += logits.shape[0];
        return wide(logits).sum(0); // [K]
      });
      const mean = sum.div(Math.max(rows, 1)).reshape(this.center.shape);
      if (rows > 0) this.center.lerp_(mean, 1 - MOMENTUM);
    });
    return (logits) => scope(() => softmax(wide(logits).sub(center).div(temperature), -1));
  }

  /** Frees the centre. */
  [Symbol.dispose](): void {
    this.center.dispose();
  }
}
