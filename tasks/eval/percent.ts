import type { Accuracy, TopAccuracy } from "../../src/eval/accuracy.ts";

/** An accuracy with its 95 % confidence interval. */
export function percent({ percent, interval: [low, high] }: Accuracy): string {
  return `${percent.toFixed(2)} % (${low.toFixed(1)} to ${high.toFixed(1)})`;
}

/** The accuracies of a classifier, in a column each. */
export function topPercent({ top1, top5, meanPerClass }: TopAccuracy): string {
  return columns(percent(top1).padEnd(24), top5 && percent(top5).padEnd(24), meanPerClass);
}

/** What a line says about a classifier: top-5 only where there is one. */
export function columns(top1: string, top5: string | undefined, meanPerClass: number): string {
  const second = top5 === undefined ? "" : ` top-5 ${top5}`;
  return `top-1 ${top1}${second} mean per class ${meanPerClass.toFixed(2)} %`;
}
