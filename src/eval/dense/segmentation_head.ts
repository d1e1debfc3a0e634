import { BatchNorm } from "../../nn/batch_norm.ts";
import { Module } from "../../nn/module.ts";
import { PointwiseConv } from "../../nn/pointwise_conv.ts";
import type { Generator } from "../../tensor/random.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";

const STD = 0.01;

/**
 * Linear segmentation: batch normalisation, then a logit for each class at every patch. Its checkpoint has the names of
 * the reference's released heads.
 *
 * Source: `dinov2/eval/segmentation/models/decode_heads/linear_head.py`.
 */
export class SegmentationHead extends Module {
  /** Over the channels of the features. */
  bn: BatchNorm;
  /** From channels to classes. */
  convSeg: PointwiseConv;

  /**
   * Draws the weights from a normal distribution of standard deviation 0.01.
   *
   * @param channels Channels of the features.
   * @param numClasses Classes to tell apart.
   * @param options Where the weights come from. Default: libtorch's global generator.
   */
  constructor(channels: number, numClasses: number, options: { generator?: Generator } = {}) {
    super();
    this.bn = new BatchNorm(channels);
    this.convSeg = new PointwiseConv(channels, numClasses, { std: STD, ...options });
  }

  /** Features `[B, channels, rows, columns]` to logits `[B, classes, rows, columns]`. */
  forward(features: Tensor): Tensor {
    return scope(() => this.convSeg.forward(this.bn.forward(features)));
  }
}
