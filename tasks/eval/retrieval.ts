import { nameAccuracies } from "../../src/eval/accuracy.ts";
import { evaluateRetrieval } from "../../src/eval/evaluate_retrieval.ts";
import { backboneEmbedding } from "../../src/features/embedding.ts";
import type { Command } from "../cli/command.ts";
import { Flags } from "../cli/flags.ts";
import { openEvaluation } from "./evaluation.ts";
import {
  type EvaluationArguments,
  evaluationArguments,
  evaluationFlags,
  evaluationHelp,
} from "./evaluation_flags.ts";
import { percent } from "./percent.ts";

const help = `Image retrieval by class, by the cosine similarity of class tokens

  deno task eval retrieval --weights runs/a --train DIR/train --val DIR/val --output retrieval.json

Each image of --val is a query against the images of --train. Without --val, each image of --train is
a query against the others.

Flags
${evaluationHelp}
  --help                 this text`;

const names = {
  required: ["weights", "train"],
  optional: [...evaluationFlags, "val"],
};

/** `deno task eval retrieval`: mean average precision by cosine similarity. */
export const retrievalCommand: Command = {
  summary: "image retrieval by class",
  help,
  prepare(args) {
    const asked = evaluationArguments(new Flags(args, names));
    return () => run(asked);
  },
};

async function run(asked: EvaluationArguments): Promise<void> {
  using evaluation = await openEvaluation(asked);
  const { meanAveragePrecision, queries, leftOut } = await evaluation.evaluate(
    backboneEmbedding(evaluation.backbone),
    ([database, others]) => evaluateRetrieval(others ?? database, database),
  );
  const { metrics, intervals } = nameAccuracies([["mAP", meanAveragePrecision]]);
  const more = leftOut > 0 ? `; ${leftOut} more were skipped, without an image of their class` : "";
  evaluation.finish(
    [`  mAP ${percent(meanAveragePrecision)}, ${queries} queries${more}`],
    { ...metrics, queries, queries_left_out: leftOut, intervals },
  );
}
