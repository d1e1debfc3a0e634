import type { Settings } from "./schema.ts";

/** A named recipe. */
export interface Preset {
  /** What it is for, in one line. */
  readonly summary: string;
  /** What differs from the defaults of the schema. */
  readonly settings: Settings;
}

/**
 * The length of a run, with what the reference's default run gives its warm-ups and its freeze: 10 % to the learning rate,
 * 30 % to the teacher temperature, 1 % to prototypes that do not learn.
 */
export function proportions(epochs: number): Required<Pick<Settings, "optim" | "teacher">> {
  return {
    optim: { epochs, warmup_epochs: epochs / 10, freeze_last_layer_epochs: epochs / 100 },
    teacher: { warmup_teacher_temp_epochs: 3 * epochs / 10 },
  };
}
