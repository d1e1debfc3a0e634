/**
 * The first run on a fresh machine: image-level self-distillation on the built-in dataset, whose classes hide under
 * changing light.
 *
 * Strong colour jitter teaches the network to look past the light. As in `cifar10`, Sinkhorn-Knopp targets of a low
 * temperature, prototypes that stay as they were drawn and KoLeo keep so short a run from collapsing, and the teacher's
 * momentum ends below 1, so that the teacher still takes in what the student learns last.
 *
 * Command: `deno task train`
 * Hardware: 2 CPU cores, 1 GB of memory.
 * Time: 1.5 to 3 minutes, by the processor.
 * Expected: k-NN (k = 20) 33.2 % (seeds 1 and 2: 35.0, 37.6 %); raw pixels 24.6 %, the untrained network 15.4 %.
 *
 * @module
 */
import type { Preset } from "../preset.ts";
import { dino } from "./dino.ts";

const EPOCHS = 25;

/** A tiny transformer on images of 64 pixels. */
export const firstLight: Preset = {
  summary: "Self-distillation on the built-in dataset, minutes on 2 CPU cores",
  settings: {
    ...dino.settings,
    student: { arch: "vit_nano", patch_size: 16, drop_path_rate: 0, layerscale: 0 },
    teacher: {
      momentum_teacher: 0.99,
      final_momentum_teacher: 0.996,
      warmup_teacher_temp: 0.02,
      teacher_temp: 0.02,
    },
    dino: {
      koleo_loss_weight: 0.1,
      head_n_prototypes: 512,
      head_hidden_dim: 256,
      head_bottleneck_dim: 64,
    },
    train: {
      batch_size_per_gpu: 32,
      OFFICIAL_EPOCH_LENGTH: 60,
      centering: "sinkhorn_knopp",
    },
    optim: {
      ...dino.settings.optim,
      epochs: EPOCHS,
      warmup_epochs: 1.5,
      freeze_last_layer_epochs: EPOCHS,
      base_lr: 0.008,
    },
    crops: {
      global_crops_size: 64,
      local_crops_size: 32,
      local_crops_number: 4,
    },
    augmentation: {
      brightness: 0.6,
      contrast: 0.6,
      saturation: 0.4,
      hue: 0.2,
      grayscale_p: 0.3,
    },
    checkpointing: { period: 300 },
    evaluation: { eval_period_iterations: 500 },
  },
};
