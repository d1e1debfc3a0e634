/**
 * The short recipe for a network of middle size and photographs of ordinary size; see `vits14`.
 *
 * Command: `deno task train --preset vitb14 --data DIR`
 * Hardware: one GPU with 40 GB or more.
 * Time: 125,000 iterations; shorten it with `optim.epochs` and `optim.warmup_epochs`.
 * Expected: not measured yet.
 *
 * @module
 */
import type { Preset } from "../preset.ts";
import { vits14 } from "./vits14.ts";

/** ViT-B/14 for 125,000 iterations. */
export const vitb14: Preset = {
  summary: "ViT-B/14 for photographs, the short recipe scaled down",
  settings: {
    ...vits14.settings,
    student: { ...vits14.settings.student, arch: "vit_base", drop_path_rate: 0.2 },
  },
};
