import { noGrad } from "../autograd/mode.ts";
import { ones, zeros } from "../tensor/create.ts";
import { keep, scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Module, parameter } from "./module.ts";

const EPS = 1e-5;
const MOMENTUM = 0.1;

/**
 * Batch normalisation of feature maps with a learned scale and shift for each channel: by the batch's own mean and
 * variance in training, by their running averages in evaluation. eps 1e-5 and momentum 0.1, as in PyTorch.
 *
 * Source: [Ioffe and Szegedy 2015](https://arxiv.org/abs/1502.03167).
 */
export class BatchNorm extends Module {
  /** Scale, `[C]`, ones at first. */
  weight: Tensor;
  /** Shift, `[C]`, zeros at first. */
  bias: Tensor;
  /** Average of the batches' means, `[C]`, zeros at first. Not learned by gradients. */
  runningMean: Tensor;
  /** Average of the batches' unbiased variances, `[C]`, ones at first. Not learned by gradients. */
  runningVar: Tensor;

  /**
   * Starts as plain normalisation.
   *
   * @param channels Size of the second dimension.
   */
  constructor(channels: number) {
    super();
    this.weight = parameter(ones([channels]));
    this.bias = parameter(zeros([channels]));
    this.runningMean = keep(zeros([channels]));
    this.runningVar = keep(ones([channels]));
  }

  /** `[B, C, H, W]` to `[B, C, H, W]`. Moves the running averages in training. */
  forward(x: Tensor): Tensor {
    return scope(() => {
      const { mean, variance } = this.training ? this.#observe(x) : {
        mean: this.runningMean,
        variance: this.runningVar,
      };
      const scale = variance.add(EPS).rsqrt().mul(this.weight); // [C]
      const shift = this.bias.sub(mean.mul(scale));
      const perChannel = (values: Tensor) => values.reshape([1, -1, 1, 1]);
      return x.mul(perChannel(scale)).add(perChannel(shift));
    });
  }

  #observe(x: Tensor): Record<"mean" | "variance", Tensor> {
    const [batch, , height, width] = x.shape;
    const count = batch * height * width;
    const mean = x.mean([0, 2, 3]); // [C]
    const variance = x.variance([0, 2, 3], { correction: 0 });
    noGrad(() => {
      this.runningMean.lerp_(mean.detach(), MOMENTUM);
      this.runningVar.lerp_(variance.detach().mul(count / Math.max(1, count - 1)), MOMENTUM);
    });
    return { mean, variance };
  }
}
