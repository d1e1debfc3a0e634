/** One line of the benchmark table. */
export interface BenchResult {
  /** What was measured. */
  readonly name: string;
  /** The figure for Deino. */
  readonly value: number;
  readonly unit: string;
  /** The same figure for PyTorch on the same machine in the same run, when it could be had. */
  readonly baseline?: number;
  /** `value / baseline`: time over time, so less is better, unless the name says a rate. */
  readonly ratio?: number;
  readonly note?: string;
}

/** Options every benchmark takes. */
export interface BenchOptions {
  readonly device: string;
  /** Whether everything is as small as it can be: to see that it runs. Its figures mean nothing. */
  readonly isTiny: boolean;
}
