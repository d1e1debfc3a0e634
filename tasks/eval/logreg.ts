import { Flags } from "../cli/flags.ts";
import type { Command } from "../cli/command.ts";
import { requiredFlags } from "./common_flags.ts";
import { evaluationArguments, evaluationFlags, evaluationHelp } from "./evaluation_flags.ts";
import type { LogregArguments } from "./run_logreg.ts";

const help = `Classify images by logistic regression on their class tokens

  deno task eval logreg --weights runs/a --train DIR/train --val DIR/val --output logreg.json

Flags
${evaluationHelp}
  --c-values 0.1,1,10    inverse strengths of the penalty, to choose from on a tenth of the
                         training images; default: 45 from 1e-6 to 1e5
  --max-train-iters N    most steps for each; default 1000
  --seed N               of the choice of that tenth; default 0
  --help                 this text`;

const names = {
  required: requiredFlags,
  optional: [...evaluationFlags, "c-values", "max-train-iters", "seed"],
  switches: [],
};

/** `deno task eval logreg`: logistic regression by the protocol of the reference. */
export const logregCommand: Command = {
  summary: "logistic regression",
  help,
  prepare(args) {
    const flags = new Flags(args, names);
    const asked: LogregArguments = {
      ...evaluationArguments(flags),
      fit: {
        cValues: flags.positives("c-values"),
        maxIterations: flags.count("max-train-iters"),
        seed: flags.seed("seed"),
      },
    };
    return async () => (await import("./run_logreg.ts")).runLogreg(asked);
  },
};
