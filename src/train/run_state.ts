import { resolveConfig } from "../config/resolve.ts";
import type { Config, Settings } from "../config/schema.ts";
import type { BrokenFile } from "../data/broken_files.ts";
import type { DataIdentity } from "../data/identity.ts";
import { isCount, isRecord } from "../files/header_validation.ts";
import type { Evaluation } from "./evaluation.ts";

/** The version of what checkpoints hold; those of a later one are not resumed. Before it was written down, it was 0. */
export const FORMAT_VERSION = 1;

/** What the images of a run are known by: those it is trained on, and those that it is evaluated with. */
export type RunData = Readonly<Record<"train" | "known" | "val", DataIdentity | undefined>>;

/** What a checkpoint holds beside tensors. Random numbers need no state: they are functions of seed and iteration. */
export interface RunState {
  /** The place in the order of images behind the last iteration. */
  readonly position: number;
  /** The last values of every smoothed series. */
  readonly metrics: Record<string, readonly number[]>;
  /** Evaluations so far. */
  readonly evaluations: Evaluation[];
  /** Files that were skipped so far. */
  readonly skipped: readonly BrokenFile[];
  /** The run's settings. */
  readonly config: Config;
  /** The run's own name; older checkpoints lack it, and what follows. */
  readonly run_id?: string;
  /** What its images are known by. */
  readonly data?: RunData;
  /** The digest of the metrics that were written before. */
  readonly metrics_sha256?: string;
}

/**
 * Reads what a checkpoint says beside its tensors.
 *
 * @param saved Its metadata.
 * @throws {Error} If a run cannot be resumed from it; the message completes "Cannot resume from …: ".
 */
export function readRunState(saved: Readonly<Record<string, unknown>>): RunState {
  const { format_version: version = 0, position, metrics, evaluations, skipped = [] } = saved;
  if (typeof version !== "number" || version > FORMAT_VERSION) {
    throw new Error(
      `it was written by Deino ${saved.deino} in format ${version}, and this version reads formats up to ${FORMAT_VERSION}`,
    );
  }
  require("position", isCount(position));
  require("metrics", isRecord(metrics) && Object.values(metrics).every(isSeries));
  require("evaluations", Array.isArray(evaluations) && evaluations.every(isRecord));
  require("skipped", Array.isArray(skipped) && skipped.every(isSkippedFile));
  require("config", isRecord(saved.config));
  const series = Object.entries(metrics as Record<string, (number | null)[]>)
    .map(([name, values]) => [name, values.map((value) => value ?? NaN)]); // as JSON carries NaN
  return {
    ...saved,
    metrics: Object.fromEntries(series),
    skipped,
    config: resolveConfig(saved.config as Settings),
  } as unknown as RunState;
}

function require(name: string, isSound: boolean): void {
  if (!isSound) {
    throw new Error(`its ${name} cannot be read; it is damaged or does not belong to a run`);
  }
}

function isSeries(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === "number" || each === null);
}

function isSkippedFile(value: unknown): boolean {
  return isRecord(value) && typeof value.path === "string" && typeof value.reason === "string";
}
