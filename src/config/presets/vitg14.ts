/**
 * The reference's recipe of its largest network.
 *
 * Command: `deno task train --preset vitg14 --data imagenet22k`
 * Hardware: 256 A100 with a batch of 12 each; on one GPU `train.accumulate=256` makes the same steps, 256 times as slowly.
 * Time: 22,000 GPU hours there.
 * Expected: not published for this recipe on public images; on the authors' 142 million, ImageNet k-NN 83.5 %.
 *
 * @module
 */
import type { Preset } from "../preset.ts";
import { vitl14 } from "./vitl14.ts";

/** ViT-g/14 for 625,000 iterations. */
export const vitg14: Preset = {
  summary: "ViT-g/14, the reference's recipe of 625,000 iterations",
  settings: {
    ...vitl14.settings,
    student: { ...vitl14.settings.student, arch: "vit_giant2" },
    train: { ...vitl14.settings.train, batch_size_per_gpu: 12 },
  },
};
