import { Stream } from "../../src/random/stream.ts";
import type { LabelledFeatures } from "../../src/features/labelled_features.ts";
import { tensor } from "../../src/tensor/create.ts";

/** Features written out. */
export function features(rows: number[][], labels: number[]): LabelledFeatures {
  return { features: tensor(rows), labels: Uint32Array.from(labels) };
}

/** Random features around one random centre for each class, the same for the same name. */
export function randomFeatures(
  name: string,
  { size, classes, width = 16, spread = 0.5 }: {
    size: number;
    classes: number;
    width?: number;
    /** How far apart the centres are, in deviations around them. */
    spread?: number;
  },
): LabelledFeatures {
  const stream = new Stream(3, name);
  const labels = Array.from({ length: size }, () => stream.integer(0, classes - 1));
  const rows = labels.map((label) => {
    const centre = new Stream(4, "centre", label);
    return Array.from({ length: width }, () => spread * centre.normal() + stream.normal());
  });
  return features(rows, labels);
}
