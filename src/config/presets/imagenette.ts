/**
 * DINOv2 for about ten thousand labelled photographs, such as those of Imagenette, and one GPU.
 *
 * What the short recipe sizes for a million images is sized for these: an epoch is a pass over the 9,469 photographs,
 * warm-ups and the freeze keep their shares of the run, and there is a sixteenth of the prototypes. Sinkhorn-Knopp targets
 * keep few images from sharing few prototypes, and the teacher is steadier than the reference's, as batches are smaller.
 *
 * Command: `deno task train --preset imagenette --data imagenette2`, a folder with `train` and `val`
 * Hardware: one GPU with 24 GB; with 48 GB, `train.batch_size_per_gpu=128 train.accumulate=1` is the same run in less time.
 * Time: not measured yet. 29,600 iterations, 400 passes over the images.
 * Expected: not measured yet.
 *
 * @module
 */
import { type Preset, proportions } from "../preset.ts";

const { optim, teacher } = proportions(400);

/** ViT-S/16 for 29,600 iterations. */
export const imagenette = {
  summary: "ViT-S/16 for about 10,000 labelled photographs, one GPU",
  settings: {
    student: { arch: "vit_small", patch_size: 16, drop_path_rate: 0.1 },
    teacher: { ...teacher, momentum_teacher: 0.996 },
    dino: { head_n_prototypes: 4096 },
    ibot: { head_n_prototypes: 4096 },
    train: {
      batch_size_per_gpu: 64,
      accumulate: 2,
      OFFICIAL_EPOCH_LENGTH: 74, // 9,469 images in batches of 128
      centering: "sinkhorn_knopp",
    },
    optim: { ...optim, base_lr: 0.002 },
    checkpointing: { period: 740 },
    evaluation: { eval_period_iterations: 1480 },
  },
} as const satisfies Preset;
