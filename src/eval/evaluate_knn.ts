import { type TopAccuracy, topAccuracy } from "./accuracy.ts";
import { checkFewShot, fewShotTries } from "./few_shot.ts";
import { knn, type KnnCounts } from "./knn.ts";
import type { LabelledFeatures } from "../features/labelled_features.ts";
import { nameAccuracies, type NamedAccuracies } from "./named_accuracies.ts";

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
export interface KnnAccuracy extends TopAccuracy {
  /** Which training images voted: `full`, or `5 per class`. */
  readonly setting: string;
  /** The number of neighbours. */
  readonly k: number;
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
  checkFewShot(nPerClassList, nTries);
  const full = average("full", [knn(train, val, { ks: nbKnn, temperature })]);
  return nPerClassList.reduce((results, perClass) => {
    const ks = [...new Set([...nbKnn, perClass])].filter((k) => k <= perClass)
      .sort((a, b) => a - b);
    const tries = fewShotTries(
      train,
      { perClass, nTries },
      (subset) => knn(subset, val, { ks, temperature }),
    );
    return [...results, ...average(`${perClass} per class`, tries)];
  }, full);
}

/** Names accuracies as the reference's `results_eval_knn.json` does: `('full', 20) Top 1`. */
export function nameKnnAccuracies(results: readonly KnnAccuracy[]): NamedAccuracies {
  return nameAccuracies(results.flatMap(({ setting, k, top1, top5 }) => [
    [`('${setting}', ${k}) Top 1`, top1],
    [`('${setting}', ${k}) Top 5`, top5],
  ]));
}

function average(setting: string, tries: readonly KnnCounts[][]): KnnAccuracy[] {
  const mean = (pick: (counts: KnnCounts) => number, i: number) =>
    tries.reduce((sum, counts) => sum + pick(counts[i]), 0) / tries.length;
  return tries[0].map(({ k, total }, i) => ({
    setting,
    k,
    ...topAccuracy({ top1: mean(({ top1 }) => top1, i), top5: mean(({ top5 }) => top5, i) }, total),
  }));
}
