import { normalize } from "../nn/functional.ts";
import { scope } from "../tensor/scope.ts";
import {
  type Accuracy,
  joinAccuracies,
  type NamedAccuracies,
  nameTopAccuracy,
  type TopAccuracy,
  topAccuracy,
  topNames,
} from "./accuracy.ts";
import { checkFewShot, fewShotTries, mostPerClass, upTo } from "./few_shot.ts";
import { knn } from "./knn.ts";
import {
  checkFeatures,
  countClasses,
  type LabelledFeatures,
} from "../features/labelled_features.ts";
import { countCorrect } from "./linear_classifier.ts";
import { LogisticRegression } from "./logistic_regression.ts";
import type { TopCounts } from "./top_counts.ts";

/** What can classify images from a few examples: the nearest neighbours, or logistic regression. */
export const fewShotClassifiers = ["knn", "logreg"] as const;

/** One of {@linkcode fewShotClassifiers}. */
export type FewShotClassifier = typeof fewShotClassifiers[number];

/** Options of {@linkcode evaluateFewShot}. */
export interface FewShotOptions {
  /** Numbers of examples of each class. Default: 1, 2, 5 and 10. */
  nPerClassList?: readonly number[];
  /** Random choices of examples, over which mean and standard deviation are taken. Default: 5. */
  nTries?: number;
  /** What classifies. Default: both. */
  classifiers?: readonly FewShotClassifier[];
  /** Temperature of the neighbours' votes. Default: 0.07. */
  temperature?: number;
  /** Inverse strength of the penalty of logistic regression. Default: 1. */
  c?: number;
  /** Called with the number of choices evaluated so far, and of all. Default: ignored. */
  onProgress?: (done: number, total: number) => void;
}

/** A mean over random choices of examples. */
export interface TriedAccuracy extends Accuracy {
  /** The standard deviation over the choices in percent; 0 for a single one. */
  readonly std: number;
}

/** The outcome for one classifier and number of examples. */
export interface FewShotAccuracy {
  /** What classified. */
  readonly classifier: FewShotClassifier;
  /** Examples of each class; a class that has fewer gives all it has. */
  readonly perClass: number;
  /** Examples of all classes. */
  readonly images: number;
  /** How often the first class is the right one. */
  readonly top1: TriedAccuracy;
  /** How often the right class is among the first five; undefined as in {@linkcode TopCounts}. */
  readonly top5?: TriedAccuracy;
  /** The mean over classes of how often the first class is the right one, in percent. */
  readonly meanPerClass: number;
}

/**
 * Evaluates features by how well a few labelled examples of each class classify the rest. As many nearest neighbours vote
 * as there are examples of a class; logistic regression has a fixed penalty, for there are no examples to choose it on. The
 * examples are those of `evaluateKnn` with the same numbers. Numbers beyond what the largest class has are lowered to it.
 *
 * @param train Labelled images to choose examples from, with features of any length, on the device to compute on.
 * @param val Labelled images to classify, likewise.
 * @param options Examples and classifiers.
 * @throws {RangeError} If a set is empty or an option is out of range.
 */
export function evaluateFewShot(
  train: LabelledFeatures,
  val: LabelledFeatures,
  options: FewShotOptions = {},
): FewShotAccuracy[] {
  const { nPerClassList = [1, 2, 5, 10], nTries = 5, onProgress = () => {} } = options;
  const { classifiers = fewShotClassifiers } = options;
  checkFeatures(train, val);
  checkFewShot(nPerClassList, nTries);
  const classes = countClasses(train, val);
  const counts = upTo(mostPerClass(train.labels), nPerClassList);
  let done = 0;
  return scope(() => {
    const near = unit(val);
    const classify: Record<
      FewShotClassifier,
      (examples: LabelledFeatures, n: number) => TopCounts
    > = {
      knn: (examples, n) =>
        knn(unit(examples), near, { ks: [n], temperature: options.temperature })[0],
      logreg: (examples) => {
        using regression = new LogisticRegression(examples, classes);
        return countCorrect(regression.fit(options.c ?? 1), val);
      },
    };
    return counts.flatMap((perClass) => {
      let images = 0;
      const tries = fewShotTries(train, { perClass, nTries }, (examples) => {
        images = examples.labels.length;
        const found = classifiers.map((classifier) => classify[classifier](examples, perClass));
        onProgress(++done, counts.length * nTries);
        return found;
      });
      return classifiers.map((classifier, i) => ({
        classifier,
        perClass,
        images,
        ...overTries(tries.map((found) => found[i]), val.labels.length),
      }));
    });
  });
}

/** Features of length 1. */
function unit({ features, labels }: LabelledFeatures): LabelledFeatures {
  return { features: normalize(features), labels };
}

/** Means over tries, with the interval that so many images give each and the standard deviation between tries. */
function overTries(
  tries: readonly TopCounts[],
  total: number,
): Pick<FewShotAccuracy, keyof TopAccuracy> {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const first = tries.map(({ top1 }) => top1);
  const firstFive = tries.flatMap(({ top5 }) => top5 ?? []);
  const std = (values: number[]) => {
    const squares = mean(values.map((value) => (value - mean(values)) ** 2));
    return 100 / total * Math.sqrt(squares * values.length / Math.max(1, values.length - 1));
  };
  const { top1, top5, meanPerClass } = topAccuracy({
    top1: mean(first),
    top5: firstFive.length === 0 ? undefined : mean(firstFive),
    meanPerClass: mean(tries.map(({ meanPerClass }) => meanPerClass)),
  }, total);
  return {
    top1: { ...top1, std: std(first) },
    ...top5 !== undefined && { top5: { ...top5, std: std(firstFive) } },
    meanPerClass,
  };
}

/** Few-shot accuracies by name. */
export interface NamedFewShotAccuracies extends NamedAccuracies {
  /** Standard deviations over the choices of examples, in percent, by the same names. */
  readonly deviations: Record<string, number>;
}

/** Names accuracies after the manner of the reference's k-NN: `('5 per class', 'logreg') Top 1`. */
export function nameFewShotAccuracies(
  results: readonly FewShotAccuracy[],
): NamedFewShotAccuracies {
  const named = results.map((result) => {
    const { classifier, perClass, top1, top5 } = result;
    const names = topNames(`('${perClass} per class', '${classifier}')`);
    const deviations = { [names.top1]: top1.std, ...top5 && { [names.top5]: top5.std } };
    return { ...nameTopAccuracy(result, names), deviations };
  });
  return {
    ...joinAccuracies(named),
    deviations: Object.assign({}, ...named.map(({ deviations }) => deviations)),
  };
}
