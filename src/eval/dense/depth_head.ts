import { upsampleBilinear2d } from "../../nn/functional.ts";
import { Module } from "../../nn/module.ts";
import { PointwiseConv } from "../../nn/pointwise_conv.ts";
import { linspace } from "../../tensor/create.ts";
import type { Generator } from "../../tensor/random.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";

const BINS = 256;
const UPSAMPLING = 4;
/** Added to the weight of each bin. */
const EPS = 0.1;

/** Depths between which a head estimates. */
export interface DepthRange {
  /** In metres. */
  readonly minDepth: number;
  /** In metres. */
  readonly maxDepth: number;
}

/**
 * Linear depth estimation: weights of 256 evenly spaced depths, at each place of a grid four times as fine as the
 * patches. Its checkpoint has the names of the reference's released heads.
 *
 * The reference enlarges features and then maps them; to map first is the same, for both are linear and the weights of
 * the enlargement sum to 1, and takes a fraction of the time.
 *
 * Source: `dinov2/eval/depth/models/decode_heads/linear_head.py`.
 */
export class DepthHead extends Module {
  /** From channels to bins. */
  convDepth: PointwiseConv;
  readonly #range: DepthRange;

  /**
   * Draws the weights as PyTorch does.
   *
   * @param channels Channels of the features.
   * @param range Least and greatest depth.
   * @param options Where the weights come from. Default: libtorch's global generator.
   */
  constructor(channels: number, range: DepthRange, options: { generator?: Generator } = {}) {
    super();
    this.convDepth = new PointwiseConv(channels, BINS, options);
    this.#range = range;
  }

  /** Features `[B, channels, rows, columns]` to depths in metres, `[B, 1, 4 · rows, 4 · columns]`. */
  forward(features: Tensor): Tensor {
    return scope(() => {
      const [, , rows, columns] = features.shape;
      const logits = this.convDepth.forward(features); // [B, 256, rows, columns]
      const fine = upsampleBilinear2d(logits, [UPSAMPLING * rows, UPSAMPLING * columns]);
      const weights = fine.clamp({ min: 0 }).add(EPS);
      const { minDepth: start, maxDepth: end } = this.#range;
      const { device, dtype } = features;
      const bins = linspace({ start, end, steps: BINS }, { device, dtype }).reshape([1, -1, 1, 1]);
      const total = weights.sum(1, { keepdim: true });
      return weights.mul(bins).sum(1, { keepdim: true }).div(total);
    });
  }
}
