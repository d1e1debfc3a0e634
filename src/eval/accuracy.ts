import type { TopCounts } from "./top_counts.ts";

/** A share of correct answers. */
export interface Accuracy {
  /** The share in percent. */
  readonly percent: number;
  /** The 95 % confidence interval in percent. */
  readonly interval: readonly [low: number, high: number];
}

/** The normal distribution has 95 % within this many deviations. */
export const DEVIATIONS = 1.959963984540054;

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
  const centre = share + DEVIATIONS ** 2 / (2 * total);
  const spread = DEVIATIONS *
    Math.sqrt(share * (1 - share) / total + (DEVIATIONS / (2 * total)) ** 2);
  const scale = 100 / (1 + DEVIATIONS ** 2 / total);
  return {
    percent: 100 * correct / total,
    interval: [Math.max(0, scale * (centre - spread)), Math.min(100, scale * (centre + spread))],
  };
}

/** How often a classifier is right. */
export interface TopAccuracy {
  /** How often the first class is the right one. */
  readonly top1: Accuracy;
  /** How often the right class is among the first five. */
  readonly top5: Accuracy;
}

/** The accuracies behind counts. */
export function topAccuracy({ top1, top5 }: TopCounts, total: number): TopAccuracy {
  return { top1: accuracy(top1, total), top5: accuracy(top5, total) };
}
