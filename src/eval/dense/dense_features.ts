import { noGradScope } from "../../autograd/mode.ts";
import { zeroPad2d } from "../../nn/functional.ts";
import { cat } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { VisionTransformer } from "../../vit/vision_transformer.ts";

/**
 * Surrounds images with zeros until their sides are whole patches: the same on both sides, and a pixel more on the right
 * and at the bottom where the number is odd.
 *
 * Source: `CenterPadding` of the reference's notebooks and `dinov2/hub/depthers.py`.
 *
 * @param images `[B, C, H, W]`.
 * @param patchSize Side of a patch in pixels.
 */
export function padToPatches(images: Tensor, patchSize: number): Tensor {
  const [, , height, width] = images.shape;
  const [rows, columns] = [height, width].map((side) => (patchSize - side % patchSize) % patchSize);
  if (rows + columns === 0) return images;
  const [top, left] = [rows, columns].map((missing) => Math.floor(missing / 2));
  return zeroPad2d(images, { left, right: columns - left, top, bottom: rows - top });
}

/**
 * The patch tokens of the last blocks after the final norm, as maps, their channels joined from the first of these
 * blocks to the last.
 *
 * @param model A backbone in evaluation mode.
 * @param images Normalised, `[B, C, H, W]` of any size; zeros are added around them to whole patches.
 * @param blocks How many blocks.
 * @returns `[B, blocks · D, rows, columns]`, without gradients.
 */
export function segmentationFeatures(
  model: VisionTransformer,
  images: Tensor,
  blocks: number,
): Tensor {
  return noGradScope(() => {
    const padded = padToPatches(images, model.options.patchSize);
    const taps = model.getIntermediateLayers(padded, { n: blocks, reshape: true });
    return cat(taps.map(({ patches }) => patches), 1);
  });
}

/**
 * The tokens of some blocks **before** the final norm, as maps: patch tokens, and the class token at every place. The
 * channels of the blocks are joined.
 *
 * Source: `dinov2/eval/depth/models/decode_heads/decode_head.py` (`resize_concat`).
 *
 * @param model A backbone in evaluation mode.
 * @param images Normalised, `[B, C, H, W]` of any size; zeros are added around them to whole patches.
 * @param blocks Which blocks; see {@linkcode depthBlocks}.
 * @returns `[B, 2 · blocks · D, rows, columns]`, without gradients.
 */
export function depthFeatures(
  model: VisionTransformer,
  images: Tensor,
  blocks: readonly number[],
): Tensor {
  return noGradScope(() => {
    const padded = padToPatches(images, model.options.patchSize);
    const taps = model.getIntermediateLayers(padded, { n: blocks, reshape: true, norm: false });
    return cat(
      taps.flatMap(({ patches, cls }) => {
        const everywhere = cls.unsqueeze(-1).unsqueeze(-1).expand(patches.shape);
        return [patches, everywhere];
      }),
      1,
    );
  });
}

/**
 * The blocks that linear depth estimation uses: the last one, or four.
 *
 * Source: `dinov2/hub/depthers.py`: 2, 5, 8, 11 of 12 blocks; 4, 11, 17, 23 of 24; 9, 19, 29, 39 of 40.
 *
 * @param depth Blocks of the backbone.
 * @param count How many to look at.
 * @throws {RangeError} If the backbone has too few.
 */
export function depthBlocks(depth: number, count: 1 | 4): number[] {
  if (depth < count) {
    throw new RangeError(`Cannot use the last ${count} blocks of a backbone with ${depth}`);
  }
  if (count === 1) return [depth - 1];
  if (depth === 24) return [4, 11, 17, 23];
  return [1, 2, 3, 4].map((quarter) => Math.round(depth * quarter / 4) - 1);
}
