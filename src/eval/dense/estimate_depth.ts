import { noGradScope } from "../../autograd/mode.ts";
import { normalizeImages } from "../../data/augment/normalize.ts";
import { upsampleBilinear2d } from "../../nn/functional.ts";
import { cat } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { FrozenBackbone } from "../../features/embedding.ts";
import { allFinite, checkFiniteFeatures } from "../../features/finite_features.ts";
import { depthBlocks, depthFeatures } from "./dense_features.ts";
import type { DepthHead } from "./depth_head.ts";
import type { DepthProtocol } from "./depth_protocol.ts";

/** A backbone with a head trained on it. */
export interface DepthEstimator extends FrozenBackbone {
  /** In evaluation mode. */
  readonly head: DepthHead;
  /** How images are seen. */
  readonly protocol: DepthProtocol;
}

/**
 * Estimates the depth of every pixel, as the mean of what the image and its mirror image give.
 *
 * @param estimator Backbone and head.
 * @param image `[1, C, H, W]`, from 0 to 255, on the device of both.
 * @param options What the image is called in messages.
 * @returns In metres, `[H, W]`.
 * @throws {RangeError} If features or depths are not finite.
 */
export function estimateDepth(
  estimator: DepthEstimator,
  image: Tensor,
  { name = "an image" }: { name?: string } = {},
): Tensor {
  const { model, head, protocol, normalization } = estimator;
  return noGradScope(() => {
    const [, , height, width] = image.shape;
    const seen = normalizeImages(image, normalization);
    const both = cat([seen, seen.flip([3])]); // [2, C, H, W]
    const blocks = depthBlocks(model.options.depth, protocol.layers);
    const { minDepth: min, maxDepth: max } = protocol;
    const features = depthFeatures(model, both, blocks);
    checkFiniteFeatures(features, estimator, () => name);
    const coarse = head.forward(features).clamp({ min, max });
    if (!allFinite(coarse)) throw new RangeError("Cannot use a head whose depths are NaN");
    const [upright, mirrored] = upsampleBilinear2d(coarse, [height, width]).split([1, 1]);
    return upright.add(mirrored.flip([3])).div(2).reshape([height, width]);
  });
}
