import type { Config } from "../config/schema.ts";
import { flatten } from "../config/resolve.ts";

/** What may change when a run is resumed: where it runs, not what it computes. Images are known by their list. */
const CHANGEABLE = new Set([
  "train.device",
  "train.num_workers",
  "train.output_dir",
  "train.dataset_path",
  "evaluation.train_dataset_path",
  "evaluation.val_dataset_path",
  "data.max_broken_fraction",
  "checkpointing.period",
  "checkpointing.period_minutes",
  "checkpointing.max_to_keep",
]);

/** Whether a setting may change when a run is resumed: its results do not depend on it. */
export function isChangeable(path: string): boolean {
  return CHANGEABLE.has(path);
}

/** A setting that two configurations of a run differ in. */
export interface Difference {
  /** Its dotted name. */
  readonly path: string;
  /** Its values, as JSON. */
  readonly found: string;
  readonly saved: string;
}

/** The settings on which results depend that differ between two configurations. */
export function differingSettings(found: Config, saved: Config): Difference[] {
  const before = new Map(flatten(saved));
  return flatten(found)
    .filter(([path]) => !isChangeable(path))
    .map(([path, value]) => ({
      path,
      found: JSON.stringify(value),
      saved: JSON.stringify(before.get(path)),
    }))
    .filter((each) => each.found !== each.saved);
}
