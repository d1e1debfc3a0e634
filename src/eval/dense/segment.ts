import { noGradScope } from "../../autograd/mode.ts";
import { normalizeImages } from "../../data/augment/normalize.ts";
import { upsampleBilinear2d } from "../../nn/functional.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { FrozenBackbone } from "../../features/embedding.ts";
import { allFinite, checkFiniteFeatures } from "../../features/finite_features.ts";
import { segmentationFeatures } from "./dense_features.ts";
import { resizeBilinear, scaledSize } from "./resize_bilinear.ts";
import type { SegmentationHead } from "./segmentation_head.ts";
import type { SegmentationProtocol } from "./segmentation_protocol.ts";
import { slide } from "./sliding_window.ts";

/** A backbone with a head trained on it. */
export interface Segmenter extends FrozenBackbone {
  /** In evaluation mode. */
  readonly head: SegmentationHead;
  /** How images are seen. */
  readonly protocol: SegmentationProtocol;
}

const WINDOWS = 8;

/**
 * Finds the class of every pixel: sliding windows over the resized image, logits enlarged to the image's own size.
 * With several scales or mirrored images, their probabilities are averaged.
 *
 * Source: mmsegmentation's `slide_inference` and `aug_test`.
 *
 * @param segmenter Backbone and head.
 * @param image `[1, C, H, W]`, from 0 to 255, on the device of both.
 * @param options Windows at a time, and what the image is called in messages.
 * @returns `[H, W]`, int64.
 * @throws {RangeError} If features or logits are not finite.
 */
export function segment(
  segmenter: Segmenter,
  image: Tensor,
  options: { batchSize?: number; name?: string } = {},
): Tensor {
  const { model, head, protocol, normalization } = segmenter;
  const { imageSize: size, stride, scales, flip, blocks } = protocol;
  const { batchSize = WINDOWS, name = "an image" } = options;
  const [, , height, width] = image.shape;
  const logitsOf = (windows: Tensor) => {
    const [, , rows, columns] = windows.shape;
    const features = segmentationFeatures(model, windows, blocks);
    checkFiniteFeatures(features, segmenter, () => name);
    const logits = head.forward(features);
    if (!allFinite(logits)) throw new RangeError("Cannot segment with a head whose logits are NaN");
    return upsampleBilinear2d(logits, [rows, columns]);
  };
  const logitsAt = (scale: number, isFlipped: boolean) =>
    scope(() => {
      const short = Math.max(1, Math.trunc(size * scale));
      const resized = resizeBilinear(image, scaledSize({ width, height }, short));
      const seen = normalizeImages(resized, normalization);
      const mirrored = isFlipped ? seen.flip([3]) : seen;
      const logits = slide(mirrored, { size, stride, batchSize }, logitsOf);
      const upright = isFlipped ? logits.flip([3]) : logits;
      return upsampleBilinear2d(upright, [height, width]);
    });
  const seen = scales.flatMap((scale) =>
    [false, ...flip ? [true] : []].map((f) => [scale, f] as const)
  );
  return noGradScope(() => {
    if (seen.length === 1) return logitsAt(...seen[0]).argmax(1).squeeze(0);
    const sum = seen.reduce<Tensor | undefined>((sum, [scale, isFlipped]) => {
      const probabilities = scope(() => logitsAt(scale, isFlipped).softmax(1));
      if (sum === undefined) return probabilities;
      sum.add_(probabilities);
      probabilities.dispose();
      return sum;
    }, undefined);
    return sum!.argmax(1).squeeze(0);
  });
}
