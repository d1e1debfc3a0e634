import { fewShotClassifiers } from "../../src/eval/few_shot_classifiers.ts";
import { Flags } from "../cli/flags.ts";
import type { Command } from "../cli/command.ts";
import { requiredFlags } from "./common_flags.ts";
import { evaluationArguments, evaluationFlags, evaluationHelp } from "./evaluation_flags.ts";
import type { FewShotArguments } from "./run_fewshot.ts";

const help = `Classify images after a few labelled examples of each class

  deno task eval fewshot --weights runs/a --train DIR/train --val DIR/val --output fewshot.json

Flags
${evaluationHelp}
  --n-per-class 1,2,5,10 numbers of examples
  --n-tries N            random choices of examples, for mean and deviation; default 5
  --classifier NAME      knn, as many neighbours as examples of a class, or logreg; default both
  --temperature X        temperature of the neighbours' votes; default 0.07
  --c X                  inverse strength of logistic regression's penalty; default 1
  --help                 this text`;

const names = {
  required: requiredFlags,
  optional: [...evaluationFlags, "n-per-class", "n-tries", "classifier", "temperature", "c"],
  switches: [],
};

/** `deno task eval fewshot`: k-NN and logistic regression on random examples. */
export const fewShotCommand: Command = {
  summary: "classification after a few examples of each class",
  help,
  prepare(args) {
    const flags = new Flags(args, names);
    const classifier = flags.choice("classifier", fewShotClassifiers);
    const asked: FewShotArguments = {
      ...evaluationArguments(flags),
      examples: {
        nPerClassList: flags.counts("n-per-class"),
        nTries: flags.count("n-tries"),
        classifiers: classifier && [classifier],
        temperature: flags.positive("temperature"),
        c: flags.positive("c"),
      },
    };
    return async () => (await import("./run_fewshot.ts")).runFewShot(asked);
  },
};
