import type { Accuracy } from "./accuracy.ts";

/** Accuracies for files and tables. */
export interface NamedAccuracies {
  /** In percent, by name. */
  readonly metrics: Record<string, number>;
  /** The 95 % confidence intervals in percent, by the same names. */
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
