import { empty, zeros } from "../tensor/create.ts";
import type { Generator } from "../tensor/random.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { conv2d } from "./functional.ts";
import { fanInUniform } from "./init.ts";
import { Module, parameter } from "./module.ts";

/** Options of {@linkcode PointwiseConv}. */
export interface PointwiseConvOptions {
  /**
   * Standard deviation of normal initial weights, with biases of 0. Default: PyTorch's initialisation, both uniform
   * within the inverse root of the input channels.
   */
  std?: number;
  /** Where the initial weights come from. Default: libtorch's global generator. */
  generator?: Generator;
}

/** A convolution of 1 x 1: an affine map of the channels, the same at every place. */
export class PointwiseConv extends Module {
  /** `[out, in, 1, 1]`. */
  weight: Tensor;
  /** `[out]`. */
  bias: Tensor;

  /**
   * Draws the weights.
   *
   * @param inChannels Channels of inputs.
   * @param outChannels Channels of outputs.
   * @param options Initialisation.
   */
  constructor(inChannels: number, outChannels: number, options: PointwiseConvOptions = {}) {
    super();
    const { std, generator } = options;
    const shape = [outChannels, inChannels, 1, 1];
    const isDefault = std === undefined;
    this.weight = parameter(
      isDefault
        ? fanInUniform(shape, inChannels, { generator })
        : empty(shape).normal_({ std, generator }),
    );
    this.bias = parameter(
      isDefault ? fanInUniform([outChannels], inChannels, { generator }) : zeros([outChannels]),
    );
  }

  /** `[B, in, H, W]` to `[B, out, H, W]`. */
  forward(x: Tensor): Tensor {
    return conv2d(x, this.weight, { bias: this.bias });
  }
}
