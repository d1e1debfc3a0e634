import type { MixtureEntry } from "../../src/config/mixture_entry.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Config } from "../../src/config/schema.ts";
import { absolutePath, absoluteSource } from "../cli/paths.ts";

/** A configuration whose paths mean the same wherever the run is resumed. */
export function withAbsolutePaths(config: Config): Config {
  const path = (typed: string) => typed === "" ? typed : absolutePath(typed);
  const source = (typed: string) => typed === "" ? typed : absoluteSource(typed);
  const { train, data, evaluation, student, teacher } = config;
  return resolveConfig(config, {
    train: {
      dataset_path: source(train.dataset_path),
      output_dir: path(train.output_dir),
    },
    data: { sources: data.sources.map(absoluteEntry) },
    evaluation: {
      train_dataset_path: source(evaluation.train_dataset_path),
      val_dataset_path: source(evaluation.val_dataset_path),
    },
    student: { pretrained_weights: path(student.pretrained_weights) },
    teacher: { pretrained_weights: path(teacher.pretrained_weights) },
  });
}

/** A source with absolute paths in it. */
export function absoluteEntry(entry: MixtureEntry): MixtureEntry {
  const { path, names } = entry;
  return { ...entry, path: absoluteSource(path), ...names && { names: absolutePath(names) } };
}
