/**
 * How the reference's authors made their smaller networks: a student learns what a frozen, larger network with its heads
 * makes of every patch, without masks and stochastic depth; the student's average is the result (section 5 of the paper;
 * the reference never published the code).
 *
 * Command: `deno task train --preset distilled --data DIR teacher.pretrained_weights=runs/vitg14`, with
 * `student.arch=vit_base` or `vit_large` for a larger student.
 * Hardware: 32 GPUs with a batch of 64 each; on one GPU `train.accumulate=32` makes the same steps, 32 times as slowly.
 * Time: 625,000 iterations; 4,500, 5,300 and 8,000 GPU hours there for S, B and L.
 * Expected: on the authors' 142 million images, ImageNet k-NN 79.0, 82.1 and 83.5 %; not measured here.
 *
 * @module
 */
import type { Preset } from "../preset.ts";
import { vitl14 } from "./vitl14.ts";

/** ViT-S/14 out of a network trained by `vitl14` or `vitg14`. */
export const distilled: Preset = {
  summary: "ViT-S/14 distilled from a trained network: teacher.pretrained_weights=runs/vitg14",
  settings: {
    ...vitl14.settings,
    student: { arch: "vit_small", patch_size: 14, drop_path_rate: 0 },
    teacher: { ...vitl14.settings.teacher, pretrained_weights: "runs/vitg14" },
    ibot: { ...vitl14.settings.ibot, mask_sample_probability: 0 },
    train: { ...vitl14.settings.train, batch_size_per_gpu: 64 },
    optim: { ...vitl14.settings.optim, base_lr: 7.0710678e-4 }, // 1e-3 in batches of 2048
  },
};
