import { resizedImage } from "../data/augment/resample.ts";
import type { DecodedImage } from "../data/image.ts";
import { type FrozenBackbone, tokenEmbedding } from "../features/embedding.ts";
import { checkFiniteFeatures } from "../features/finite_features.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { legibleFactor, magnify } from "./magnify.ts";
import { shownColors } from "./shown_colors.ts";

/** An image as a network sees it, and as people do. */
export interface PatchView {
  /** What the network gets, before it is normalised: `[C, H, W]`, from 0 to 255, on the CPU; sides in whole patches. */
  readonly pixels: Tensor;
  /** The same in colours, magnified where it is too small to look at: `[3, m H, m W]`, uint8. */
  readonly picture: Tensor;
  /** Rows and columns of patches. */
  readonly grid: readonly [rows: number, columns: number];
}

/** Options of {@linkcode patchView}. */
export interface PatchViewOptions {
  /**
   * Short side of the images in pixels, taken to the nearest whole number of patches. Default: that of the model's table
   * of positions, `imgSize`.
   */
  imageSize?: number;
}

/** Beyond this, a picture takes minutes and says no more. */
const MOST_PATCHES = 2 ** 16;

/**
 * Resizes an image of any shape for a network: the short side to `imageSize`, the long side in proportion, both to the
 * nearest whole number of patches. Nothing is cut off.
 *
 * @param image The image.
 * @param backbone The network, and how its images are resized.
 * @param options The size.
 * @throws {RangeError} If the image would have too many patches, as very long ones have.
 */
export function patchView(
  image: DecodedImage,
  { model, preprocessing }: FrozenBackbone,
  options: PatchViewOptions = {},
): PatchView {
  const { patchSize: patch, imgSize } = model.options;
  const { imageSize = imgSize } = options;
  const { width, height } = image;
  const short = Math.max(1, Math.round(imageSize / patch));
  const patches = (side: number) => Math.round(short * side / Math.min(width, height));
  const grid = [patches(height), patches(width)] as const;
  if (!(grid[0] * grid[1] <= MOST_PATCHES)) {
    throw new RangeError(
      `Cannot show an image of ${width} x ${height} pixels with a short side of ${imageSize}: ` +
        `it would have ${grid[0]} x ${
          grid[1]
        } patches, more than ${MOST_PATCHES}. Set a smaller image size`,
    );
  }
  return scope(() => {
    const size = [grid[0] * patch, grid[1] * patch] as const;
    const pixels = resizedImage(image, size, preprocessing?.interpolation);
    const picture = magnify(shownColors(pixels), legibleFactor(Math.min(...size)));
    return { pixels, picture, grid };
  });
}

/**
 * The features of an image's patches.
 *
 * @param view The image.
 * @param backbone The network, and what its images are normalised by.
 * @returns `[D, rows, columns]`, on the CPU.
 * @throws {RangeError} If they are not finite.
 */
export function patchGrid({ pixels }: PatchView, backbone: FrozenBackbone): Tensor {
  return scope(() => {
    const batch = pixels.unsqueeze(0).to({ device: backbone.model.clsToken.device });
    const features = tokenEmbedding(backbone, "patch-grid")(batch); // [1, D, rows, columns]
    checkFiniteFeatures(features, backbone);
    return features.squeeze(0).to({ device: "cpu" });
  });
}
