import { Flags } from "../cli/flags.ts";
import type { Command } from "../cli/command.ts";
import { evaluationArguments, evaluationFlags, evaluationHelp } from "./evaluation_flags.ts";

const help = `Find the images of the same class by the similarity of their class tokens

  deno task eval retrieval --weights runs/a --train DIR/train --val DIR/val --output retrieval.json

Each image of --val is a query; the images of --train are to be found. Without --val, each image of
--train asks for the others.

Flags
${evaluationHelp}
  --help                 this text`;

const names = {
  required: ["weights", "train"],
  optional: [...evaluationFlags, "val"],
  switches: [],
};

/** `deno task eval retrieval`: mean average precision by cosine similarity. */
export const retrievalCommand: Command = {
  summary: "retrieval of images of the same class",
  help,
  prepare(args) {
    const asked = evaluationArguments(new Flags(args, names));
    return async () => (await import("./run_retrieval.ts")).runRetrieval(asked);
  },
};
