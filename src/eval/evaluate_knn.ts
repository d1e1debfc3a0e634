import {
  joinAccuracies,
  type NamedAccuracies,
  nameTopAccuracy,
  type TopAccuracy,
  topAccuracy,
  topNames,
} from "./accuracy.ts";
import { checkFewShot, fewShotTries, mostPerClass, upTo } from "./few_shot.ts";
import { knn, type KnnCounts } from "./knn.ts";
import type { LabelledFeatures } from "../features/labelled_features.ts";

/** Options of {@linkcode evaluateKnn}, named as the reference's arguments. */
export interface KnnEvaluationOptions {
  /** Numbers of neighbours. Default: 10, 20, 100 and 200. */
  nbKnn?: readonly number[];
  /** Temperature of the votes. Default: 0.07. */
  temperature?: number;
  /** Also evaluate with only this many training images of each class, for each number. Default: none. */
  nPerClassList?: readonly number[];
  /** Random choices of those images that are averaged. Default: 1. */
  nTries?: number;
}

/** The outcome for one number of neighbours. */
export interface KnnAccuracy extends TopAccuracy {
  /** Which training images could vote: `full`, or `5 per class`. */
  readonly setting: string;
  /** How many these are. */
  readonly images: number;
  /** The number of neighbours that voted. */
  readonly k: number;
}

/**
 * Evaluates features by the weighted k-NN protocol of the reference: on all training images, and on random subsets of
 * so many per class where asked for, in which no more neighbours vote than a class has images. Numbers beyond what there is
 * are lowered to it, and results tell the numbers that were used.
 *
 * Source: `dinov2/eval/knn.py`.
 *
 * @param train Labelled training images.
 * @param val Labelled validation images.
 * @param options Neighbours, temperature and subsets.
 * @throws {RangeError} If a set is empty, features are not finite, or an option is out of range.
 */
export function evaluateKnn(
  train: LabelledFeatures,
  val: LabelledFeatures,
  options: KnnEvaluationOptions = {},
): KnnAccuracy[] {
  const { nbKnn = [10, 20, 100, 200], temperature, nPerClassList = [], nTries = 1 } = options;
  checkFewShot(nPerClassList, nTries);
  const total = train.labels.length;
  const all = knn(train, val, { ks: upTo(total, nbKnn), temperature });
  const full = average({ setting: "full", images: total }, [all]);
  const subsets = upTo(mostPerClass(train.labels), nPerClassList);
  return subsets.reduce((results, perClass) => {
    const ks = upTo(perClass, nbKnn.filter((k) => k <= perClass).concat(perClass))
      .sort((a, b) => a - b);
    let images = 0;
    const tries = fewShotTries(train, { perClass, nTries }, (subset) => {
      images = subset.labels.length;
      return knn(subset, val, { ks, temperature });
    });
    return [...results, ...average({ setting: `${perClass} per class`, images }, tries)];
  }, full);
}

/** Names accuracies as the reference's `results_eval_knn.json` does: `('full', 20) Top 1`. */
export function nameKnnAccuracies(results: readonly KnnAccuracy[]): NamedAccuracies {
  return joinAccuracies(
    results.map((result) =>
      nameTopAccuracy(result, topNames(`('${result.setting}', ${result.k})`))
    ),
  );
}

function average(
  subset: Pick<KnnAccuracy, "setting" | "images">,
  tries: readonly KnnCounts[][],
): KnnAccuracy[] {
  return tries[0].map(({ k, total, top5 }, i) => {
    const mean = (pick: (counts: KnnCounts) => number) =>
      tries.reduce((sum, counts) => sum + pick(counts[i]), 0) / tries.length;
    const counts = {
      top1: mean(({ top1 }) => top1),
      meanPerClass: mean(({ meanPerClass }) => meanPerClass),
      ...top5 !== undefined && { top5: mean(({ top5 }) => top5!) },
    };
    return { ...subset, k, ...topAccuracy(counts, total) };
  });
}
