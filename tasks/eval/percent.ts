import type { Accuracy, TopAccuracy } from "../../src/eval/accuracy.ts";

/** An accuracy with its 95 % confidence interval. */
export function percent({ percent, interval: [low, high] }: Accuracy): string {
  return `${percent.toFixed(2)} % (${low.toFixed(1)} to ${high.toFixed(1)})`;
}

/** Both accuracies of a classifier, in a column each. */
export function topPercent({ top1, top5 }: TopAccuracy): string {
  return `top-1 ${percent(top1).padEnd(24)} top-5 ${percent(top5)}`;
}
