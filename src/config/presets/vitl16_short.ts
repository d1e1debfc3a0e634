/**
 * The reference's short recipe, which is also its default configuration.
 *
 * Command: `deno task train --preset vitl16_short --data imagenet/train`
 * Hardware: 32 A100 with a batch of 64 each; on one GPU `train.accumulate=32` makes the same steps, 32 times as slowly.
 * Time: about a day there.
 * Expected: ImageNet k-NN 81.6 %, as the reference reports for a batch of 2048.
 *
 * @module
 */
import type { Preset } from "../preset.ts";

/** ViT-L/16 for 125,000 iterations. */
export const vitl16Short: Preset = {
  summary: "ViT-L/16, the reference's default recipe of 125,000 iterations",
  settings: {},
};
