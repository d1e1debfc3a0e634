/**
 * DINOv2 for about ten thousand photographs of one's own, without labels, and one GPU; see `imagenette`.
 *
 * Private photographs show the same people and places again and again, so there are fewer prototypes still, and crops hold
 * more of the image: a twentieth of a holiday picture is often sky. Patches of 14 pixels give features that fit tools made
 * for the released networks.
 *
 * Command: `deno task train --preset photos10k --data DIR`
 * Hardware: one GPU with 24 GB; with less, `train.batch_size_per_gpu=16 train.accumulate=4` is the same run.
 * Time: not measured yet. 31,200 iterations, 200 passes over the images.
 * Expected: not measured yet.
 *
 * @module
 */
import { type Preset, proportions } from "../preset.ts";
import { imagenette } from "./imagenette.ts";

const { optim, teacher } = proportions(200);

/** ViT-S/14 for 31,200 iterations. */
export const photos10k = {
  summary: "ViT-S/14 for about 10,000 photographs, one GPU",
  settings: {
    ...imagenette.settings,
    student: { ...imagenette.settings.student, patch_size: 14 },
    teacher: { ...imagenette.settings.teacher, ...teacher },
    dino: { head_n_prototypes: 2048 },
    ibot: { head_n_prototypes: 2048 },
    train: {
      batch_size_per_gpu: 64,
      OFFICIAL_EPOCH_LENGTH: 156, // 10,000 images in batches of 64
      centering: "sinkhorn_knopp",
    },
    optim: { ...imagenette.settings.optim, ...optim },
    crops: { local_crops_size: 98, local_crops_scale: [0.1, 0.32] },
    checkpointing: { period: 780 },
    evaluation: { eval_period_iterations: 3120 },
  },
} as const satisfies Preset;
