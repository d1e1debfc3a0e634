import { checkHeadPath } from "../../src/eval/head_path.ts";
import { Flags } from "../cli/flags.ts";
import type { Command } from "../cli/command.ts";
import { requiredFlags } from "./common_flags.ts";
import { evaluationArguments, evaluationFlags, evaluationHelp } from "./evaluation_flags.ts";
import type { LinearArguments } from "./run_linear.ts";

const help = `Classify images by linear classifiers, the best of a grid of 52

  deno task eval linear --weights runs/a --train DIR/train --val DIR/val --output linear.json

Flags
${evaluationHelp}
  --cached               train on features computed once, without random crops: faster
  --epochs N             epochs, after each of which the classifiers are evaluated; default 10
  --epoch-length N       iterations in an epoch; default 1250, fewer where all images are seen before
  --learning-rates X,Y   for batches of 256 images; default 13 from 1e-5 to 0.1
  --head FILE            the best classifier: weight and bias, as .safetensors or .pth
  --seed N               of initial weights, order and crops; default 0
  --help                 this text

Training takes batches of --batch-size images, and learning rates in proportion to it`;

const names = {
  required: requiredFlags,
  optional: [...evaluationFlags, "epochs", "epoch-length", "learning-rates", "head", "seed"],
  switches: ["cached"],
};

/** `deno task eval linear`: linear classifiers by the protocol of the reference. */
export const linearCommand: Command = {
  summary: "linear classifiers, the best of a grid",
  help,
  prepare(args) {
    const flags = new Flags(args, names);
    const head = flags.optional("head");
    if (head !== undefined) checkHeadPath(head);
    const asked: LinearArguments = {
      ...evaluationArguments(flags),
      cached: flags.has("cached"),
      head,
      seed: flags.seed("seed") ?? 0,
      fit: {
        epochs: flags.count("epochs"),
        epochLength: flags.count("epoch-length"),
        learningRates: flags.positives("learning-rates"),
      },
    };
    return async () => (await import("./run_linear.ts")).runLinear(asked);
  },
};
