import { noGradScope } from "../autograd/mode.ts";
import { cat, zeros } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { foregroundMasks, type ForegroundOptions } from "./foreground.ts";
import { principalComponents, projectOnComponents } from "./principal_components.ts";

/** What {@linkcode pcaColors} makes of an image's patches. */
export interface PcaColors {
  /** `[3, rows, columns]`, from 0 to 1; 0 in the background. */
  readonly colors: Tensor;
  /** Which patches are foreground, `[rows, columns]`, bool. */
  readonly foreground: Tensor;
}

const CHANNELS = 3;

/**
 * Colours patches by their features, so that patches with similar features have similar colours, within an image
 * and between images: a first principal component over the patches of all images tells foreground from background; over
 * the patches of the foreground a second analysis gives three components, which become red, green and blue, each from its
 * least to its greatest value.
 *
 * Source: DINOv2, figure 1 and section 7.5.
 *
 * @param grids The patches' features, for each image `[D, rows, columns]`.
 * @param options How the foreground is told.
 * @throws {RangeError} If hardly a patch is foreground.
 */
export function pcaColors(
  grids: readonly Tensor[],
  options: ForegroundOptions = {},
): PcaColors[] {
  return noGradScope(() => {
    const shapes = grids.map(({ shape }) => [shape[1], shape[2]]);
    const counts = shapes.map(([rows, columns]) => rows * columns);
    const features = cat(grids.map((grid) => grid.flatten(1).t())); // [n, D]
    const first = projectOnComponents(features, principalComponents(features, 1)).squeeze(1); // [n]
    const scores = first.split(counts).map((score, i) => score.reshape(shapes[i]));
    const foreground = foregroundMasks(scores, options);
    const mask = cat(foreground.map((part) => part.flatten()));
    const index = mask.nonzero().squeeze(1);
    if (index.numel <= CHANNELS) {
      throw new RangeError(
        `Cannot colour a foreground of ${index.numel} of ${mask.numel} patches: lower the threshold, ` +
          'or choose foreground "all"',
      );
    }
    const colors = zeros([mask.numel, CHANNELS], { device: features.device })
      .indexCopy_(0, index, threeComponents(features.indexSelect(0, index)));
    return colors.split(counts).map((part, i) => ({
      colors: part.t().reshape([CHANNELS, ...shapes[i]]),
      foreground: foreground[i],
    }));
  });
}

/** `[n, D]` to `[n, 3]`, each component from 0 to 1; 0 where there is no difference. */
function threeComponents(features: Tensor): Tensor {
  const scores = projectOnComponents(features, principalComponents(features, CHANNELS));
  const least = scores.amin(0);
  const range = scores.amax(0).sub(least).clamp({ min: Number.MIN_VALUE });
  return scores.sub(least).div(range).to({ dtype: "float32" });
}
