import type { WeightsOptions } from "../../src/checkpoint/recognise/backbone_file.ts";
import type { Flags } from "../flags.ts";
import { weightsFlags, weightsHelp, weightsOptions } from "../weights_flags.ts";

/** What every evaluation is asked for. */
export interface EvaluationArguments {
  /** A run folder or a file of weights. */
  readonly weights: string;
  /** What the weights do not say. */
  readonly known: WeightsOptions;
  /** The folder of labelled images to learn from. */
  readonly train: string;
  /** The folder of labelled images to answer for. */
  readonly val?: string;
  /** Where the results go. */
  readonly output?: string;
  /** Where features are kept from one evaluation to the next. */
  readonly cache?: string;
  /** Where to compute. */
  readonly device: string;
  /** Side of the images in pixels. */
  readonly imageSize?: number;
  /** Images computed at a time. */
  readonly batchSize?: number;
  /** Decoding threads. */
  readonly workers?: number;
}

/** Flags without which there is no evaluation. */
export const requiredFlags = ["weights", "train", "val"];

/** Flags that every evaluation has. */
export const evaluationFlags = [
  ...weightsFlags,
  "output",
  "cache",
  "device",
  "image-size",
  "batch-size",
  "num-workers",
];

/** What `--help` says about {@linkcode requiredFlags} and {@linkcode evaluationFlags}. */
export const evaluationHelp = `${weightsHelp}
  --train DIR            labelled images to learn from: a folder for each class
  --val DIR              labelled images to answer for
  --output FILE          results as JSON; default: on the terminal only
  --cache DIR            keep features there, and take them from there where weights, images and
                         settings are the same
  --device NAME          cpu, cuda, cuda:N or auto (default)
  --image-size N         side of the images after cropping; default: that of the run, else 224
  --batch-size N         images computed at a time; default 128
  --num-workers N        decoding threads; default one for each core`;

/**
 * Reads {@linkcode requiredFlags} and {@linkcode evaluationFlags}.
 *
 * @throws {TypeError} If a value makes no sense.
 */
export function evaluationArguments(flags: Flags): EvaluationArguments {
  return {
    weights: flags.text("weights"),
    known: weightsOptions(flags),
    train: flags.text("train"),
    val: flags.optional("val"),
    output: flags.optional("output"),
    cache: flags.optional("cache"),
    device: flags.optional("device") ?? "auto",
    imageSize: flags.count("image-size"),
    batchSize: flags.count("batch-size"),
    workers: flags.count("num-workers"),
  };
}
