import { evaluateLogreg, type LogregOptions } from "../../src/eval/evaluate_logreg.ts";
import { tokenEmbedding } from "../../src/features/embeddings.ts";
import { nameAccuracies } from "../../src/eval/named_accuracies.ts";
import { openEvaluation } from "./evaluation.ts";
import type { EvaluationArguments } from "./evaluation_flags.ts";
import { topPercent } from "../cli/percent.ts";
import { Progress } from "../cli/progress.ts";

/** What a command line of `deno task eval logreg` asks for. */
export interface LogregArguments extends EvaluationArguments {
  /** Strengths of the penalty and seed. */
  readonly fit: LogregOptions;
}

/**
 * Carries out `deno task eval logreg`. As in the reference, features are not scaled, and images of 224 pixels are resized
 * to 224.
 *
 * @throws {Error} If weights or images cannot be read, or the results cannot be written.
 */
export async function runLogreg(asked: LogregArguments): Promise<void> {
  using evaluation = await openEvaluation(asked, { resize: (imageSize) => imageSize });
  const embed = tokenEmbedding(evaluation.backbone, "cls");
  const result = await evaluation.evaluate(embed, ([train, val]) => {
    using progress = new Progress("values of C", "fits");
    const onProgress = (done: number, total: number) => progress.show(done, total);
    return evaluateLogreg(train, val, { ...asked.fit, onProgress });
  });
  const { top1, top5, bestC, converged, heldOut } = result;
  const { metrics, intervals } = nameAccuracies([["top-1", top1], ["top-5", top5]]);
  evaluation.finish(
    [`  C = ${bestC.toPrecision(3).padEnd(8)} ${topPercent(result)}`],
    { ...metrics, best_C: bestC, converged, intervals, held_out: heldOut },
  );
}
