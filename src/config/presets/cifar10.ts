/**
 * Plain DINO for images of 32 pixels, such as those of CIFAR-10.
 *
 * Command: `deno task train --preset cifar10 --data cifar10`, a folder with `train` and `val`
 * Hardware: 2 CPU cores, under 2 GB of memory.
 * Time: 30 minutes.
 * Expected: to be measured.
 *
 * @module
 */
import type { Preset } from "../preset.ts";
import { dino } from "./dino.ts";

/** A small transformer with patches of 4 pixels. */
export const cifar10: Preset = {
  summary: "Plain DINO for images of 32 pixels, 30 minutes on 2 CPU cores",
  settings: {
    ...dino.settings,
    student: { arch: "vit_micro", patch_size: 4, drop_path_rate: 0, layerscale: 0 },
    teacher: { momentum_teacher: 0.99, warmup_teacher_temp_epochs: 6 },
    dino: {
      ...dino.settings.dino,
      head_n_prototypes: 1024,
      head_hidden_dim: 256,
      head_bottleneck_dim: 64,
    },
    train: { batch_size_per_gpu: 64, OFFICIAL_EPOCH_LENGTH: 234 },
    optim: { ...dino.settings.optim, epochs: 20, warmup_epochs: 2, base_lr: 0.004 },
    crops: {
      global_crops_size: 32,
      local_crops_size: 16,
      local_crops_number: 4,
    },
    checkpointing: { period: 468 },
    evaluation: { eval_period_iterations: 1170 },
  },
};
