import { checkHeadPath } from "../../src/eval/head_file.ts";
import type { Flags } from "../cli/flags.ts";
import { weightsHelp } from "../cli/weights.ts";
import { type CommonArguments, commonArguments, commonFlags } from "./common_flags.ts";

/** What every evaluation of dense prediction is asked for. */
export interface DenseArguments extends CommonArguments {
  /** The split of the folder to train the head on. */
  readonly trainSplit?: string;
  /** The folder to score it on, and the split of it. */
  readonly val: string;
  readonly valSplit?: string;
  /** Where the trained head goes. */
  readonly head?: string;
  /** Training steps. */
  readonly iterations?: number;
  /** Learning rate. */
  readonly lr?: number;
  /** Source of all randomness. */
  readonly seed?: number;
}

/** Flags that every evaluation of pixels has. */
export const denseFlags = [
  ...commonFlags,
  ...["train-split", "val-split", "head", "iterations", "lr", "seed"],
];

/** What `--help` says about {@linkcode denseFlags}, given what differs. */
export function denseHelp(differing: { pairs: string; iterations: string; lr: string }): string {
  return `${weightsHelp}
  --train DIR            images to train on: ${differing.pairs}
  --val DIR              images to score
  --train-split NAME     only this split: images/NAME, or the list ImageSets/Segmentation/NAME.txt
  --val-split NAME       the same for --val
  --output FILE          results as JSON; default: on the terminal only
  --head FILE            the trained head, as .safetensors or .pth
  --device NAME          cpu, cuda, cuda:N or auto (default)
  --iterations N         training steps; default ${differing.iterations}
  --batch-size N         images of a training step; default 16
  --lr X                 learning rate; default ${differing.lr}
  --seed N               random seed for initialisation, order and views; default 0
  --num-workers N        decoding threads; default one for each core, at most 10`;
}

/**
 * Reads {@linkcode denseFlags}.
 *
 * @throws {TypeError} If a value is invalid.
 */
export function denseArguments(flags: Flags): DenseArguments {
  const head = flags.optionalPath("head");
  if (head !== undefined) checkHeadPath(head);
  return {
    ...commonArguments(flags),
    trainSplit: flags.optional("train-split"),
    val: flags.source("val"),
    valSplit: flags.optional("val-split"),
    head,
    iterations: flags.count("iterations"),
    lr: flags.positive("lr"),
    seed: flags.index("seed"),
  };
}
