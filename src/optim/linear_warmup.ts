import type { Schedule } from "./schedules.ts";

/** Options of {@linkcode withLinearWarmup}. */
export interface WarmUpOptions {
  /** Iterations of the warm-up. */
  iterations: number;
  /** The share of the schedule's value at iteration 0. */
  ratio: number;
}

/**
 * A schedule that begins at a share of its value and rises to the whole of it. The schedule continues underneath: the
 * first value after the warm-up is not the schedule's first, but the one of that iteration.
 *
 * Source: `mmcv/runner/hooks/lr_updater.py`, linear warm-up.
 */
export function withLinearWarmup(schedule: Schedule, options: WarmUpOptions): Schedule {
  const { iterations, ratio } = options;
  return (iteration) => {
    if (iteration >= iterations) return schedule(iteration);
    return schedule(iteration) * (1 - (1 - iteration / iterations) * (1 - ratio));
  };
}
