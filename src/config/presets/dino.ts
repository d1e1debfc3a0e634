/**
 * Plain DINO (Caron et al. 2021): the image-level loss alone, no masks, no KoLeo, centred targets, the teacher's momentum
 * from 0.996 to 1 and its temperature from 0.04 to 0.07 over the whole run.
 *
 * Command: `deno task train --preset dino --data DIR`
 * Hardware: one GPU with 24 GB or more; batches of 1024 and above are what the method was tuned for.
 * Time: 150 epochs of 1,250 iterations.
 * Expected: not measured yet.
 *
 * @module
 */
import type { Preset } from "../preset.ts";

/** Plain DINO with ViT-S/16. */
export const dino = {
  summary: "Plain DINO with ViT-S/16: no masks, no KoLeo, centred targets",
  settings: {
    student: { arch: "vit_small", patch_size: 16, drop_path_rate: 0.1, layerscale: 0 },
    teacher: { momentum_teacher: 0.996, warmup_teacher_temp_epochs: 150 },
    dino: { koleo_loss_weight: 0 },
    ibot: { loss_weight: 0, mask_sample_probability: 0 },
    optim: { epochs: 150, base_lr: 0.0001, layerwise_decay: 1, patch_embed_lr_mult: 1 },
  },
} as const satisfies Preset;
