/**
 * The short recipe for a small network and photographs of ordinary size. The reference distils its small networks from
 * ViT-g and has no recipe of its own for them; this is its default one with fewer prototypes and less stochastic depth.
 *
 * Command: `deno task train --preset vits14 --data DIR`
 * Hardware: one GPU with 24 GB; it runs on a CPU, at seconds for a step.
 * Time: 125,000 iterations; shorten it with `optim.epochs` and `optim.warmup_epochs`.
 * Expected: not measured yet.
 *
 * @module
 */
import type { Preset } from "../preset.ts";

/** ViT-S/14 for 125,000 iterations. */
export const vits14 = {
  summary: "ViT-S/14 for photographs, the short recipe scaled down",
  settings: {
    student: { arch: "vit_small", patch_size: 14, drop_path_rate: 0.1 },
    dino: { head_n_prototypes: 32768 },
    ibot: { head_n_prototypes: 32768 },
    optim: { base_lr: 0.002 },
    crops: { local_crops_size: 98 },
  },
} as const satisfies Preset;
