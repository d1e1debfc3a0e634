import type { TopCounts } from "./top_counts.ts";

/** A share of correct answers. */
export interface Accuracy {
  /** The share in percent. */
  readonly percent: number;
  /** The 95 % confidence interval in percent. */
  readonly interval: readonly [low: number, high: number];
}

/** The normal distribution has 95 % within this many standard deviations. */
export const Z_95 = 1.959963984540054;

/**
 * The accuracy of answers, with Wilson's interval, which stays sensible near 0 and 100 %.
 *
 * Source: Wilson 1927; Brown, Cai and DasGupta 2001.
 *
 * @param correct How many were correct; a mean over tries need not be whole.
 * @param total How many there were.
 */
export function accuracy(correct: number, total: number): Accuracy {
  const share = correct / total;
  const centre = share + Z_95 ** 2 / (2 * total);
  const width = Z_95 * Math.sqrt(share * (1 - share) / total + (Z_95 / (2 * total)) ** 2);
  const scale = 100 / (1 + Z_95 ** 2 / total);
  return {
    percent: 100 * correct / total,
    interval: [Math.max(0, scale * (centre - width)), Math.min(100, scale * (centre + width))],
  };
}

/** How often a classifier is right. */
export interface TopAccuracy {
  /** How often the first class is the right one. */
  readonly top1: Accuracy;
  /** How often the right class is among the first five; undefined as in {@linkcode TopCounts}. */
  readonly top5?: Accuracy;
  /** The mean over classes of how often the first class is the right one, in percent. */
  readonly meanPerClass: number;
}

/** The accuracies behind counts. */
export function topAccuracy(
  { top1, top5, meanPerClass }: Omit<TopCounts, "isFinite">,
  total: number,
): TopAccuracy {
  return {
    top1: accuracy(top1, total),
    ...top5 !== undefined && { top5: accuracy(top5, total) },
    meanPerClass: 100 * meanPerClass,
  };
}

/** Accuracies for files and tables. */
export interface NamedAccuracies {
  /** In percent, by name. */
  readonly metrics: Record<string, number>;
  /** The 95 % confidence intervals in percent, by the same names; of means over classes there are none. */
  readonly intervals: Record<string, readonly [low: number, high: number]>;
}

/** Accuracies by name, as results files hold them. */
export function nameAccuracies(
  named: readonly (readonly [name: string, accuracy: Accuracy])[],
): NamedAccuracies {
  return {
    metrics: Object.fromEntries(named.map(([name, { percent }]) => [name, percent])),
    intervals: Object.fromEntries(named.map(([name, { interval }]) => [name, interval])),
  };
}

/** What the accuracies of a classifier are called. */
export type TopNames = Readonly<Record<keyof TopAccuracy, string>>;

/** The reference's names of the accuracies of one classifier of several: `('full', 20) Top 1`. */
export function topNames(classifier: string): TopNames {
  return {
    top1: `${classifier} Top 1`,
    top5: `${classifier} Top 5`,
    meanPerClass: `${classifier} Mean per class`,
  };
}

/** The accuracies of a classifier by name. */
export function nameTopAccuracy(
  { top1, top5, meanPerClass }: TopAccuracy,
  names: TopNames = { top1: "top-1", top5: "top-5", meanPerClass: "mean_per_class" },
): NamedAccuracies {
  const { metrics, intervals } = nameAccuracies([
    [names.top1, top1],
    ...top5 === undefined ? [] : [[names.top5, top5] as const],
  ]);
  return { metrics: { ...metrics, [names.meanPerClass]: meanPerClass }, intervals };
}

/** Puts the accuracies of several classifiers together. */
export function joinAccuracies(all: readonly NamedAccuracies[]): NamedAccuracies {
  return {
    metrics: Object.assign({}, ...all.map(({ metrics }) => metrics)),
    intervals: Object.assign({}, ...all.map(({ intervals }) => intervals)),
  };
}
