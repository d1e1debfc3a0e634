/**
 * The last 10,000 iterations of the paper's networks, at 518 pixels: the schedules of `vitl14` compressed, from the weights
 * and heads that it trained (section B.2 of the paper). How far the learning rate was reduced and how large local crops were
 * is not published: a half, and crops that keep their share of the global ones, are chosen here.
 *
 * Command: `deno task train --preset highres --data DIR student.pretrained_weights=runs/vitl14`, with
 * `student.arch=vit_giant2` for a network trained by `vitg14`.
 * Hardware: 96 GPUs with a batch of 32 each; on one GPU `train.accumulate=96` and smaller batches, as many times as slowly.
 * Time: 10,000 iterations of 6 times the work of those before.
 * Expected: not measured here.
 *
 * @module
 */
import type { Preset } from "../preset.ts";
import { vitl14 } from "./vitl14.ts";

/** ViT-L/14 at 518 pixels for 10,000 iterations. */
export const highres: Preset = {
  summary:
    "ViT-L/14 at 518 pixels for 10,000 iterations more: student.pretrained_weights=runs/vitl14",
  settings: {
    ...vitl14.settings,
    student: { ...vitl14.settings.student, pretrained_weights: "runs/vitl14" },
    teacher: { ...vitl14.settings.teacher, warmup_teacher_temp_epochs: 0.48 },
    optim: {
      ...vitl14.settings.optim,
      epochs: 8,
      warmup_epochs: 1.28,
      freeze_last_layer_epochs: 0.016,
      base_lr: 0.0001,
    },
    crops: { global_crops_size: 518, local_crops_size: 224 },
  },
};
