import type { BrokenFile } from "../../data/broken_files.ts";
import type { LoaderOptions } from "../../data/loader.ts";
import type { Device } from "../../tensor/device.ts";

/** Options of `evaluateSegmentation` and `evaluateDepth`. */
export interface DenseEvaluationOptions
  extends Pick<LoaderOptions, "workers" | "maxBrokenFraction" | "onNote" | "signal"> {
  /** Windows or images computed at a time; the result does not depend on it beyond rounding. Default: 8. */
  batchSize?: number;
  /** Where to compute: the device of backbone and head. Default: the CPU. */
  device?: Device;
  /** Called with the number of images done so far, of how many. Default: ignored. */
  onProgress?: (done: number, total: number) => void;
}

/** Scores of a folder, and the files that were skipped. */
export interface DenseEvaluation<Scores> {
  /** Over all images. */
  readonly scores: Scores;
  /** Images that were evaluated. */
  readonly images: number;
  /** Files that could not be decoded and took no part. */
  readonly brokenFiles: readonly BrokenFile[];
}
