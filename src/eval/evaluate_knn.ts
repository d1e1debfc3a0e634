import { tensor } from "../tensor/create.ts";
import { scope } from "../tensor/scope.ts";
import { type Accuracy, accuracy } from "./accuracy.ts";
import { fewShotSubset } from "./few_shot.ts";
import { knn, type KnnCounts, type LabelledFeatures } from "./knn.ts";

/** Options of {@linkcode evaluateKnn}, named as the reference's arguments. */
export interface KnnEvaluationOptions {
  /** Numbers of neighbours. Default: 10, 20, 100 and 200. */
  nbKnn?: readonly number[];
  /** Temperature of the votes. Default: 0.07. */
  temperature?: number;
  /** Also evaluate with only so many training images of each class, for each number. Default: none. */
  nPerClassList?: readonly number[];
  /** Random choices of those images that are averaged. Default: 1. */
  nTries?: number;
}

/** The outcome for one number of neighbours. */
export interface KnnAccuracy {
  /** Which training images voted: `full`, or `5 per class`. */
  readonly setting: string;
  /** The number of neighbours. */
  readonly k: number;
  /** How often the class with the most votes is right. */
  readonly top1: Accuracy;
  /** How often the class is among the five with the most votes. */
  readonly top5: Accuracy;
}

/**
 * Evaluates features by the weighted k-NN protocol of the reference: on all training images, and on random subsets of
 * so many per class where asked for, in which no more neighbours vote than a class has images.
 *
 * Source: `dinov2/eval/knn.py`.
 *
 * @param train Labelled training images.
 * @param val Labelled validation images.
 * @param options Neighbours, temperature and subsets.
 * @throws {RangeError} If a set is empty or an option makes no sense.
 */
export function evaluateKnn(
  train: LabelledFeatures,
  val: LabelledFeatures,
  options: KnnEvaluationOptions = {},
): KnnAccuracy[] {
  const { nbKnn = [10, 20, 100, 200], temperature, nPerClassList = [], nTries = 1 } = options;
  if ([...nPerClassList, nTries].some((count) => !Number.isInteger(count) || count < 1)) {
    throw new RangeError(
      `Cannot draw subsets of [${nPerClassList.join(", ")}] images per class ${nTries} times: ` +
        "give whole numbers from 1",
    );
  }
  const full = average("full", [knn(train, val, { ks: nbKnn, temperature })]);
  return nPerClassList.reduce((results, perClass) => {
    const ks = [...new Set([...nbKnn, perClass])].filter((k) => k <= perClass)
      .sort((a, b) => a - b);
    const tries = Array.from({ length: nTries }, (_, seed) =>
      scope(() => {
        const subset = select(train, fewShotSubset(train.labels, perClass, seed));
        return knn(subset, val, { ks, temperature });
      }));
    return [...results, ...average(`${perClass} per class`, tries)];
  }, full);
}

/** Accuracies for files and tables. */
export interface NamedResults {
  /** In percent, under the reference's names: `('full', 20) Top 1`. */
  readonly metrics: Record<string, number>;
  /** The 95 % confidence intervals under the same names. */
  readonly intervals: Record<string, readonly [low: number, high: number]>;
}

/** Names accuracies as the reference's `results_eval_knn.json` does. */
export function nameResults(results: readonly KnnAccuracy[]): NamedResults {
  const named = results.flatMap(({ setting, k, top1, top5 }): [string, Accuracy][] => [
    [`('${setting}', ${k}) Top 1`, top1],
    [`('${setting}', ${k}) Top 5`, top5],
  ]);
  return {
    metrics: Object.fromEntries(named.map(([name, { percent }]) => [name, percent])),
    intervals: Object.fromEntries(named.map(([name, { interval }]) => [name, interval])),
  };
}

function average(setting: string, tries: readonly KnnCounts[][]): KnnAccuracy[] {
  const mean = (pick: (counts: KnnCounts) => number, i: number) =>
    tries.reduce((sum, counts) => sum + pick(counts[i]), 0) / tries.length;
  return tries[0].map(({ k, total }, i) => ({
    setting,
    k,
    top1: accuracy(mean(({ top1 }) => top1, i), total),
    top5: accuracy(mean(({ top5 }) => top5, i), total),
  }));
}

function select({ features, labels }: LabelledFeatures, chosen: Uint32Array): LabelledFeatures {
  const indices = tensor(Int32Array.from(chosen), { device: features.device });
  return {
    features: features.indexSelect(0, indices),
    labels: Uint32Array.from(chosen, (index) => labels[index]),
  };
}
