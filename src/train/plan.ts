import { effectiveBatch } from "../config/effective_batch.ts";
import type { Config } from "../config/schema.ts";
import { type ScheduledValues, schedulesOf, totalIterations } from "../optim/schedules.ts";

/** What a run would do, known from its settings alone. */
export interface Plan {
  /** Iterations in the run. */
  readonly iterations: number;
  /** Images that a step learns from. */
  readonly effectiveBatch: number;
  /** Images that go through the run, each counted every time. */
  readonly imagesSeen: number;
  /** Schedule values at 0, 1, 10, 50 and 100 % of the run. */
  readonly schedule: readonly PlannedValues[];
}

/** Schedule values at a place of the run. */
export interface PlannedValues extends ScheduledValues {
  /** The place in percent. */
  readonly percent: number;
  /** The iteration, counted from 0. */
  readonly iteration: number;
}

const PERCENTS = [0, 1, 10, 50, 100];

/** Works out what a run would do. The sizes, which need the native library, are `measureRun`'s. */
export function planRun(config: Config): Plan {
  const iterations = totalIterations(config);
  const scheduled = schedulesOf(config);
  return {
    iterations,
    effectiveBatch: effectiveBatch(config),
    imagesSeen: iterations * effectiveBatch(config),
    schedule: PERCENTS.map((percent) => {
      const iteration = Math.min(iterations - 1, Math.round(iterations * percent / 100));
      return { percent, iteration, ...scheduled(iteration) };
    }),
  };
}
