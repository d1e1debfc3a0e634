import { evaluateRetrieval } from "../../src/eval/evaluate_retrieval.ts";
import { backboneEmbedding } from "../../src/features/embeddings.ts";
import { nameAccuracies } from "../../src/eval/named_accuracies.ts";
import { openEvaluation } from "./evaluation.ts";
import type { EvaluationArguments } from "./evaluation_flags.ts";
import { percent } from "../cli/percent.ts";

/**
 * Carries out `deno task eval retrieval`.
 *
 * @throws {Error} If weights or images cannot be read, or the results cannot be written.
 */
export async function runRetrieval(asked: EvaluationArguments): Promise<void> {
  using evaluation = await openEvaluation(asked);
  const { meanAveragePrecision, queries, leftOut } = await evaluation.evaluate(
    backboneEmbedding(evaluation.backbone),
    ([database, others]) => evaluateRetrieval(others ?? database, database),
  );
  const { metrics, intervals } = nameAccuracies([["mAP", meanAveragePrecision]]);
  const more = leftOut > 0 ? `, ${leftOut} more have no image of their class to find` : "";
  evaluation.finish(
    [`  mAP ${percent(meanAveragePrecision)}, ${queries} queries${more}`],
    { ...metrics, queries, queries_left_out: leftOut, intervals },
  );
}
