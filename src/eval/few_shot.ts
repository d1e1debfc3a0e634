import { Stream } from "../random/stream.ts";
import { scope } from "../tensor/scope.ts";
import { type LabelledFeatures, selectImages } from "../features/labelled_features.ts";

/**
 * Picks the same number of images of every class at random, as the reference's few-shot protocol does.
 *
 * @param labels The class of each image.
 * @param perClass Images of each class; a class that has fewer gives all it has.
 * @param seed Of the choice; the reference counts tries from 0.
 * @returns Indices of the chosen images, class by class.
 */
export function fewShotSubset(labels: Uint32Array, perClass: number, seed: number): Uint32Array {
  const members = Map.groupBy(labels.keys(), (index) => labels[index]);
  const classes = [...members.keys()].sort((a, b) => a - b);
  return Uint32Array.from(classes.flatMap((label) => {
    const indices = members.get(label)!;
    const order = new Stream(seed, "few-shot", label).permutation(indices.length);
    return Array.from(order.subarray(0, perClass), (place) => indices[place]);
  }));
}

/** How subsets are drawn by {@linkcode fewShotTries}. */
interface FewShotDraw {
  /** Images of each class. */
  readonly perClass: number;
  /** Subsets to draw. */
  readonly nTries: number;
}

/**
 * Evaluates random subsets, try after try.
 *
 * @param train The images to choose from.
 * @param draw Sizes and number of the subsets; their seeds count from 0.
 * @param evaluate What to do with each; its tensors are freed.
 * @returns What `evaluate` returned for each.
 */
export function fewShotTries<T>(
  train: LabelledFeatures,
  { perClass, nTries }: FewShotDraw,
  evaluate: (subset: LabelledFeatures) => T,
): T[] {
  return Array.from(
    { length: nTries },
    (_, seed) =>
      scope(() => evaluate(selectImages(train, fewShotSubset(train.labels, perClass, seed)))),
  );
}

/**
 * Checks sizes and number of subsets.
 *
 * @throws {RangeError} If one is not a whole number from 1.
 */
export function checkFewShot(nPerClassList: readonly number[], nTries: number): void {
  if ([...nPerClassList, nTries].some((count) => !Number.isInteger(count) || count < 1)) {
    throw new RangeError(
      `Cannot draw subsets of [${nPerClassList.join(", ")}] images per class ${nTries} times: ` +
        "give whole numbers from 1",
    );
  }
}

/** Numbers, none above a limit and none twice. */
export function upTo(limit: number, numbers: readonly number[]): number[] {
  return [...new Set(numbers.map((number) => Math.min(number, limit)))];
}

/** Images of the class that has the most. */
export function mostPerClass(labels: Uint32Array): number {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}
