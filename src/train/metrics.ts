import { Meter } from "./meter.ts";

/** One line of `training_metrics.json`, in the reference's names: times in seconds are means, all else medians. */
export interface MetricsLine {
  /** The iteration it was written after, counted from 0. */
  readonly iteration: number;
  /** Seconds for an iteration. */
  readonly iter_time: number;
  /** Seconds of it spent waiting for data. */
  readonly data_time: number;
  /** Learning rate, weight decay, momentum, losses … */
  readonly [name: string]: number;
}

const TIMES = ["iter_time", "data_time"];

/** The smoothed values of a run. */
export class Metrics {
  readonly #meters: Map<string, Meter>;

  /** @param recent What {@linkcode Metrics.recent} gave, for a resumed run. Default: nothing. */
  constructor(recent: Readonly<Record<string, readonly number[]>> = {}) {
    this.#meters = new Map(
      Object.entries(recent).map(([name, values]) => [name, new Meter(values)]),
    );
  }

  /** Adds the values of an iteration. */
  update(values: Readonly<Record<string, number>>): void {
    for (const [name, value] of Object.entries(values)) {
      if (!this.#meters.has(name)) this.#meters.set(name, new Meter());
      this.#meters.get(name)!.update(value);
    }
  }

  /** The last values of every series, with which a resumed run writes the lines that an unbroken one would have. */
  recent(): Record<string, readonly number[]> {
    return Object.fromEntries([...this.#meters].map(([name, meter]) => [name, meter.recent]));
  }

  /** The line to log after an iteration. */
  line(iteration: number): MetricsLine {
    const smoothed = [...this.#meters].map(([name, meter]) =>
      [name, TIMES.includes(name) ? meter.mean : meter.median] as const
    );
    return { iteration, ...Object.fromEntries(smoothed) } as MetricsLine;
  }
}
