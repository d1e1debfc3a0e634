import { zeros } from "../tensor/create.ts";
import type { Generator } from "../tensor/random.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Cost } from "./cost.ts";
import { linear } from "./functional.ts";
import { truncNormal } from "./init.ts";
import { Module, parameter } from "./module.ts";

/** Options of {@linkcode Linear}. */
export interface LinearOptions {
  /** Whether a bias is added. Default: true. */
  bias?: boolean;
  /** Standard deviation of the initial weights. Default: 0.02. */
  std?: number;
  /** Where the initial weights come from. Default: libtorch's global generator. */
  generator?: Generator;
}

/**
 * An affine map of the last dimension; weights start truncated normal, biases zero, as in the
 * reference.
 */
export class Linear extends Module {
  /** `[out, in]`. */
  weight: Tensor;
  /** `[out]`, or null without bias. */
  bias: Tensor | null;

  /**
   * Draws the weights.
   *
   * @param inFeatures Size of the last dimension of inputs.
   * @param outFeatures Size of the last dimension of outputs.
   * @param options Bias and initialisation.
   */
  constructor(inFeatures: number, outFeatures: number, options: LinearOptions = {}) {
    super();
    const { bias = true, std, generator } = options;
    this.weight = parameter(truncNormal([outFeatures, inFeatures], { std, generator }));
    this.bias = bias ? parameter(zeros([outFeatures])) : null;
  }

  /** `[..., in]` to `[..., out]`. */
  forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }

  /** Cost of a pass over this many rows: the inputs are kept. */
  cost(rows: number): Cost {
    return { flops: 2 * rows * this.weight.numel, kept: rows * this.weight.shape[1] };
  }
}
