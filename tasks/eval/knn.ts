import { Flags } from "../cli/flags.ts";
import type { Command } from "../cli/command.ts";
import { requiredFlags } from "./common_flags.ts";
import { evaluationArguments, evaluationFlags, evaluationHelp } from "./evaluation_flags.ts";
import type { KnnArguments } from "./run_knn.ts";

const help = `Classify images by their nearest neighbours among labelled ones

  deno task eval knn --weights runs/a --train DIR/train --val DIR/val --output knn.json

Flags
${evaluationHelp}
  --nb-knn 10,20,100,200 numbers of neighbours
  --temperature X        temperature of the votes; default 0.07
  --n-per-class 1,5      also with only so many training images of each class
  --n-tries N            random choices of these to average; default 1
  --pixels               also by raw pixels, for comparison
  --help                 this text`;

const names = {
  required: requiredFlags,
  optional: [...evaluationFlags, "nb-knn", "temperature", "n-per-class", "n-tries"],
  switches: ["pixels"],
};

/** `deno task eval knn`: weighted k-NN by the protocol of the reference. */
export const knnCommand: Command = {
  summary: "weighted k-nearest-neighbour classification",
  help,
  prepare(args) {
    const flags = new Flags(args, names);
    const asked: KnnArguments = {
      ...evaluationArguments(flags),
      pixels: flags.has("pixels"),
      votes: {
        nbKnn: flags.counts("nb-knn"),
        temperature: flags.positive("temperature"),
        nPerClassList: flags.counts("n-per-class"),
        nTries: flags.count("n-tries"),
      },
    };
    // Loads the native library: not before the command line is known to be right.
    return async () => (await import("./run_knn.ts")).runKnn(asked);
  },
};
