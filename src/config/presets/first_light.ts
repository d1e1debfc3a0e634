/**
 * The first run on a fresh machine: plain DINO on the built-in dataset.
 *
 * Command: `deno task train`
 * Hardware: 2 CPU cores, under 2 GB of memory.
 * Time: 2 minutes.
 * Expected: k-NN (k = 20) 29.6 %, below the untrained network's 33.8 %: it runs end to end, but its targets collapse and it
 * does not learn yet. Raw pixels 25.0 %.
 *
 * @module
 */
import type { Preset } from "../preset.ts";
import { dino } from "./dino.ts";

/** A tiny transformer on images of 64 pixels. */
export const firstLight: Preset = {
  summary: "Plain DINO on the built-in dataset, under 5 minutes on 2 CPU cores",
  settings: {
    ...dino.settings,
    student: { arch: "vit_nano", patch_size: 8, drop_path_rate: 0, layerscale: 0 },
    teacher: { momentum_teacher: 0.99, warmup_teacher_temp_epochs: 3 },
    dino: {
      ...dino.settings.dino,
      head_n_prototypes: 512,
      head_hidden_dim: 256,
      head_bottleneck_dim: 64,
    },
    train: { batch_size_per_gpu: 32, OFFICIAL_EPOCH_LENGTH: 60 },
    optim: { ...dino.settings.optim, epochs: 10, warmup_epochs: 1, base_lr: 0.004 },
    crops: {
      global_crops_size: 64,
      local_crops_size: 32,
      local_crops_number: 4,
    },
    checkpointing: { period: 120 },
    evaluation: { eval_period_iterations: 300 },
  },
};
