import { noGrad } from "../../autograd/mode.ts";
import { type Normalization, normalizeImages } from "../../data/augment/normalize.ts";
import { upsampleBilinear2d } from "../../nn/functional.ts";
import { cat } from "../../tensor/create.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { VisionTransformer } from "../../vit/vision_transformer.ts";
import { depthBlocks, depthFeatures } from "./dense_features.ts";
import type { DepthHead } from "./depth_head.ts";
import type { DepthProtocol } from "./depth_protocol.ts";

/** A backbone with a head trained on it. */
export interface DepthEstimator {
  /** In evaluation mode. */
  readonly model: VisionTransformer;
  /** In evaluation mode. */
  readonly head: DepthHead;
  /** How images are seen. */
  readonly protocol: DepthProtocol;
  /** What images are normalised by. Default: ImageNet's. */
  readonly normalization?: Normalization;
}

/**
 * Estimates the depth of every pixel, as the mean of what the image and its mirror image give.
 *
 * @param estimator Backbone and head.
 * @param image `[1, C, H, W]`, from 0 to 255, on the device of both.
 * @returns In metres, `[H, W]`.
 */
export function estimateDepth(
  { model, head, protocol, normalization }: DepthEstimator,
  image: Tensor,
): Tensor {
  return noGrad(() =>
    scope(() => {
      const [, , height, width] = image.shape;
      const seen = normalizeImages(image, normalization);
      const both = cat([seen, seen.flip([3])]); // [2, C, H, W]
      const blocks = depthBlocks(model.options.depth, protocol.layers);
      const { minDepth: min, maxDepth: max } = protocol;
      const coarse = head.forward(depthFeatures(model, both, blocks)).clamp({ min, max });
      const [upright, mirrored] = upsampleBilinear2d(coarse, [height, width]).split([1, 1]);
      return upright.add(mirrored.flip([3])).div(2).reshape([height, width]);
    })
  );
}
