import type { WeightsOptions } from "../../src/checkpoint/recognise/backbone_file.ts";
import type { Flags } from "../flags.ts";
import { weightsFlags, weightsHelp, weightsOptions } from "../weights_flags.ts";

/** What every evaluation is asked for that answers for pixels. */
export interface DenseArguments {
  /** A run folder or a file of weights. */
  readonly weights: string;
  /** What the weights do not say. */
  readonly known: WeightsOptions;
  /** The folder to train the head on, and the part of it. */
  readonly train: string;
  readonly trainSplit?: string;
  /** The folder to score it on, and the part of it. */
  readonly val: string;
  readonly valSplit?: string;
  /** Where the results go. */
  readonly output?: string;
  /** Where to compute. */
  readonly device: string;
  /** Images of a training step. */
  readonly batchSize?: number;
  /** Decoding threads. */
  readonly workers?: number;
  /** Training steps. */
  readonly iterations?: number;
  /** Learning rate. */
  readonly lr?: number;
  /** Decides everything random. */
  readonly seed?: number;
}

/** Flags without which there is no evaluation. */
export const requiredDenseFlags = ["weights", "train", "val"];

/** Flags that every evaluation of pixels has. */
export const denseFlags = [
  ...weightsFlags,
  ...["train-split", "val-split", "output", "device", "batch-size", "num-workers"],
  ...["iterations", "lr", "seed"],
];

/** What `--help` says about {@linkcode denseFlags}, given what differs. */
export function denseHelp(differing: { pairs: string; iterations: string; lr: string }): string {
  return `${weightsHelp}
  --train DIR            images to train on: ${differing.pairs}
  --val DIR              images to score
  --train-split NAME     only a part: images/NAME, or the list ImageSets/Segmentation/NAME.txt
  --val-split NAME       the same for --val
  --output FILE          results as JSON; default: on the terminal only
  --device NAME          cpu, cuda, cuda:N or auto (default)
  --iterations N         training steps; default ${differing.iterations}
  --batch-size N         images of a training step; default 16
  --lr X                 learning rate; default ${differing.lr}
  --seed N               of initial weights, order and views; default 0
  --num-workers N        decoding threads; default one for each core`;
}

/**
 * Reads {@linkcode requiredDenseFlags} and {@linkcode denseFlags}.
 *
 * @throws {TypeError} If a value makes no sense.
 */
export function denseArguments(flags: Flags): DenseArguments {
  return {
    weights: flags.text("weights"),
    known: weightsOptions(flags),
    train: flags.text("train"),
    trainSplit: flags.optional("train-split"),
    val: flags.text("val"),
    valSplit: flags.optional("val-split"),
    output: flags.optional("output"),
    device: flags.optional("device") ?? "auto",
    batchSize: flags.count("batch-size"),
    workers: flags.count("num-workers"),
    iterations: flags.count("iterations"),
    lr: flags.positive("lr"),
    seed: flags.seed("seed"),
  };
}
