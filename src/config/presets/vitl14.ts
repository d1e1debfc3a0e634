/**
 * The reference's recipe for large data sets: Sinkhorn-Knopp targets, separate heads, SwiGLU.
 *
 * Command: `deno task train --preset vitl14 --data imagenet22k`
 * Hardware: 96 A100 with a batch of 32 each; on one GPU `train.accumulate=96` makes the same steps, 96 times as slowly.
 * Time: 3.3 days there.
 * Expected: ImageNet k-NN 82.0 %, as the reference reports for a batch of 3072.
 *
 * @module
 */
import type { Preset } from "../preset.ts";

/** ViT-L/14 for 625,000 iterations. */
export const vitl14 = {
  summary: "ViT-L/14, the reference's recipe of 625,000 iterations",
  settings: {
    student: { arch: "vit_large", patch_size: 14, drop_path_rate: 0.4, ffn_layer: "swiglufused" },
    teacher: { momentum_teacher: 0.994 },
    dino: { head_n_prototypes: 131072, head_bottleneck_dim: 384 },
    ibot: { separate_head: true, head_n_prototypes: 131072 },
    train: { batch_size_per_gpu: 32, centering: "sinkhorn_knopp" },
    optim: {
      epochs: 500,
      weight_decay_end: 0.2,
      base_lr: 0.0002,
      warmup_epochs: 80,
      layerwise_decay: 1,
    },
    crops: { local_crops_size: 98 },
  },
} as const satisfies Preset;
