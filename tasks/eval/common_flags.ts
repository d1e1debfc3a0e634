import type { WeightsOptions } from "../../src/backbone/recognise/backbone_file.ts";
import type { Flags } from "../cli/flags.ts";
import { weightsFlags, weightsOptions } from "../cli/weights.ts";

/** What every evaluation is asked for, of images or of their pixels. */
export interface CommonArguments {
  /** A run folder or a file of weights. */
  readonly weights: string;
  /** What the weights do not say. */
  readonly known: WeightsOptions;
  /** The folder to learn from. */
  readonly train: string;
  /** Where the results go. */
  readonly output?: string;
  /** Where to compute. */
  readonly device: string;
  /** Images computed at a time. */
  readonly batchSize?: number;
  /** Decoding threads. */
  readonly workers?: number;
}

/** Flags without which there is no evaluation. */
export const requiredFlags = ["weights", "train", "val"];

/** Flags that every evaluation has. */
export const commonFlags = [...weightsFlags, "output", "device", "batch-size", "num-workers"];

/**
 * Reads {@linkcode commonFlags}.
 *
 * @throws {TypeError} If a value is invalid.
 */
export function commonArguments(flags: Flags): CommonArguments {
  return {
    weights: flags.path("weights"),
    known: weightsOptions(flags),
    train: flags.source("train"),
    output: flags.optionalPath("output"),
    device: flags.optional("device") ?? "auto",
    batchSize: flags.count("batch-size"),
    workers: flags.count("num-workers"),
  };
}
