import { presets } from "../../src/config/presets.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Config, Settings } from "../../src/config/schema.ts";
import type { BenchOptions } from "./result.ts";

/** A training step to measure. */
export interface StepCase {
  readonly name: string;
  /** The crops of an image. */
  readonly crops: string;
  /** The run it is of, in the type that networks compute in there. */
  readonly config: Config;
  /** Images in the step. Default: the largest power of two for which the device has room. */
  readonly images?: number;
  /** Steps in a round, and rounds, the best of which counts. */
  readonly iterations: number;
  readonly rounds: number;
}

/** The steps to measure on a device, from the smallest network to the largest. */
export function stepCases({ device, isTiny }: BenchOptions): StepCase[] {
  return isTiny ? [tinyCase()] : device === "cpu" ? [cpuCase()] : cudaCases();
}

/** The step of ViT-L/14, or the largest there is. */
export function largeCase(options: BenchOptions): StepCase {
  const cases = stepCases(options);
  return cases.find(({ name }) => name === "ViT-L/14") ?? cases.at(-1)!;
}

/** A step that only shows that steps can be measured. */
function tinyCase(): StepCase {
  const config = recipe({
    student: { arch: "vit_nano", patch_size: 8 },
    dino: { head_n_prototypes: 64 },
    ibot: { head_n_prototypes: 64 },
    crops: { global_crops_size: 32, local_crops_size: 16 },
  });
  const steps = { images: 2, iterations: 1, rounds: 1 };
  return { name: "ViT-nano/8", crops: "2 x 32 + 8 x 16", config, ...steps };
}

/** A step small enough for a processor. */
function cpuCase(): StepCase {
  const config = recipe({
    student: presets.vits14.settings.student,
    dino: { head_n_prototypes: 4096 },
    ibot: { head_n_prototypes: 4096 },
    crops: { global_crops_size: 112, local_crops_size: 56 },
  });
  const steps = { images: 4, iterations: 1, rounds: 3 };
  return { name: "ViT-S/14", crops: "2 x 112 + 8 x 56", config, ...steps };
}

/** The reference's recipe in every size. */
function cudaCases(): StepCase[] {
  const students = {
    S: presets.vits14.settings.student,
    B: presets.vitb14.settings.student,
    L: presets.vitl14.settings.student,
    g: presets.vitg14.settings.student,
  };
  return Object.entries(students).map(([letter, student]) => ({
    name: `ViT-${letter}/14`,
    crops: "2 x 224 + 8 x 98",
    config: recipe({ student }),
    ...{ iterations: 3, rounds: 3 },
  }));
}

/** The recipe of ViT-L/14 with all its losses, 131,072 prototypes and separate heads, around another student. */
function recipe(settings: Settings): Config {
  return resolveConfig(presets.vitl14.settings, {
    student: { ffn_layer: "mlp" },
    // All that learns moves from the first step on, the teacher too, so that a wrong move shows in the next losses.
    optim: { base_lr: 0.02, warmup_epochs: 0, freeze_last_layer_epochs: 0 },
    teacher: { momentum_teacher: 0.9 },
  }, settings);
}
