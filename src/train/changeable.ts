import { isMixture, type MixtureEntry } from "../config/mixture_entry.ts";
import type { Config } from "../config/schema.ts";
import { flattenSettings } from "../config/resolve.ts";

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

/** Several sources: they may lie elsewhere, but not take part otherwise. */
const SOURCES = "data.sources";

/** Whether a setting may be given when a run is resumed: its results do not depend on it, or not on all of it. */
export function isChangeable(path: string): boolean {
  return CHANGEABLE.has(path) || path === SOURCES;
}

/** A setting that two configurations of a run differ in. */
interface Difference {
  /** Its dotted name. */
  readonly path: string;
  /** Its values, as JSON. */
  readonly found: string;
  readonly saved: string;
}

/** The settings on which results depend that differ between two configurations. */
export function differingSettings(found: Config, saved: Config): Difference[] {
  const before = new Map(flattenSettings(saved));
  return flattenSettings(found)
    .filter(([path, value]) => !CHANGEABLE.has(path) && !isSame(path, value, before.get(path)))
    .map(([path, value]) => ({
      path,
      found: JSON.stringify(value),
      saved: JSON.stringify(before.get(path)),
    }));
}

function isSame(path: string, found: unknown, saved: unknown): boolean {
  const [a, b] = [found, saved].map((value) =>
    JSON.stringify(path === SOURCES && isMixture(value) ? value.map(withoutPlace) : value)
  );
  return a === b;
}

/** A source wherever it lies; its images are known by their names and sizes. */
function withoutPlace({ names, path: _, ...entry }: MixtureEntry): unknown {
  return { ...entry, isListed: names !== undefined };
}
