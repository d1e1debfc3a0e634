import type { Config } from "../config/schema.ts";
import type { Device } from "../tensor/device.ts";
import type { Evaluation } from "./evaluation.ts";
import type { MetricsLine } from "./metrics.ts";
import type { ProfileSummary } from "./profile_summary.ts";
import type { RunHealth } from "./run_health.ts";

/** Events of a run, to be shown. */
export type TrainEvent =
  /** The run starts or resumes. */
  | {
    readonly kind: "start";
    readonly config: Config;
    readonly device: Device;
    /** The run folder. */
    readonly folder: string;
    /** Training images; 0 where they come from a stream. */
    readonly images: number;
    /** Iterations done before. */
    readonly done: number;
    /** Iterations in the run. */
    readonly total: number;
  }
  /** Something the user should know. */
  | { readonly kind: "note"; readonly text: string }
  /** So many names of images have been listed; more are to come. */
  | { readonly kind: "listing"; readonly names: number }
  /** Losses have been read. */
  | { readonly kind: "progress"; readonly progress: Progress }
  /** Its health changed; a run begins as healthy. */
  | { readonly kind: "health"; readonly health: RunHealth; readonly iteration: number }
  /** Features have been evaluated. */
  | { readonly kind: "evaluation"; readonly evaluation: Evaluation }
  /** Steps have been recorded. */
  | { readonly kind: "profile"; readonly path: string; readonly summary: ProfileSummary }
  /** Everything needed to resume has been saved. */
  | { readonly kind: "checkpoint"; readonly iteration: number; readonly path: string };

/** The progress of a run. */
export interface Progress {
  /** Iterations done. */
  readonly done: number;
  /** Iterations in the run. */
  readonly total: number;
  /** The smoothed values. */
  readonly metrics: MetricsLine;
  /** Images a second, each counted once whatever the number of its crops. */
  readonly imagesPerSecond: number;
  /** The most memory the run has held, in bytes. */
  readonly peakMemory: number;
}
