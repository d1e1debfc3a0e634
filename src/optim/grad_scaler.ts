import * as ops from "../ffi/ops.gen.ts";
import { full, zeros } from "../tensor/create.ts";
import type { Device } from "../tensor/device.ts";
import { keep, scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { withGradients } from "./packed.ts";

const INITIAL_SCALE = 2 ** 16;
const GROWTH = 2;
const BACKOFF = 0.5;
const GROWTH_INTERVAL = 2000;

/**
 * Dynamic loss scaling for float16 ([Micikevicius et al.](https://arxiv.org/abs/1710.03740)), by the numbers of PyTorch's
 * `GradScaler`: small gradients would vanish in that type, so the loss is multiplied before they are computed. The scale
 * begins at 65,536; it halves when a gradient overflows and doubles after 2,000 steps without. All of it stays on the
 * device, which is never waited for.
 */
export class GradScaler implements Disposable {
  /** What losses are multiplied with. */
  readonly lossScale: Tensor;
  readonly #growthTracker: Tensor;
  readonly #overflow: Tensor;

  /** Starts at the initial scale. The scaler owns its numbers until the end of a `using` block. */
  constructor(options: { device?: Device } = {}) {
    this.lossScale = keep(full([], INITIAL_SCALE, options));
    this.#growthTracker = keep(zeros([], { ...options, dtype: "int32" }));
    this.#overflow = keep(zeros([], options));
  }

  /** The loss to differentiate. */
  scale(loss: Tensor): Tensor {
    return loss.mul(this.lossScale);
  }

  /**
   * Divides gradients by the scale.
   *
   * @param parameters Packed parameters.
   * @returns 1 where a gradient is not finite, else 0: for the optimiser, which skips its step then. Valid until the next call.
   */
  unscale(parameters: BigUint64Array<ArrayBuffer>): Tensor {
    this.#overflow.zero_();
    scope(() => {
      const inverse = this.lossScale.reciprocal();
      withGradients(parameters, (gradients) => {
        ops._ampForeachNonFiniteCheckAndUnscale_(
          gradients,
          this.#overflow.handle,
          inverse.handle,
        );
      });
    });
    return this.#overflow;
  }

  /** Updates the scale, after the optimiser's step. */
  update(): void {
    ops._ampUpdateScale_(
      this.lossScale.handle,
      this.#growthTracker.handle,
      this.#overflow.handle,
      GROWTH,
      BACKOFF,
      GROWTH_INTERVAL,
    );
  }

  /** What a checkpoint must hold, by the names of PyTorch's state. */
  stateTensors(): Record<string, Tensor> {
    return { scale: this.lossScale, growth_tracker: this.#growthTracker };
  }

  /** Frees its numbers. */
  [Symbol.dispose](): void {
    for (const value of [...Object.values(this.stateTensors()), this.#overflow]) value.dispose();
  }
}
