import {
  evaluateFewShot,
  type FewShotAccuracy,
  type FewShotOptions,
  nameFewShotAccuracies,
  type TriedAccuracy,
} from "../../src/eval/evaluate_few_shot.ts";
import { tokenEmbedding } from "../../src/features/embeddings.ts";
import { openEvaluation } from "./evaluation.ts";
import type { EvaluationArguments } from "./evaluation_flags.ts";
import { Progress } from "../cli/progress.ts";

/** What a command line of `deno task eval fewshot` asks for. */
export interface FewShotArguments extends EvaluationArguments {
  /** Examples and classifiers. */
  readonly examples: FewShotOptions;
}

/**
 * Carries out `deno task eval fewshot`.
 *
 * @throws {Error} If weights or images cannot be read, or the results cannot be written.
 */
export async function runFewShot(asked: FewShotArguments): Promise<void> {
  using evaluation = await openEvaluation(asked);
  const embed = tokenEmbedding(evaluation.backbone, "cls");
  const results = await evaluation.evaluate(embed, ([train, val]) => {
    using progress = new Progress("choices of examples", "choices");
    const onProgress = (done: number, total: number) => progress.show(done, total);
    return evaluateFewShot(train, val, { ...asked.examples, onProgress });
  });
  const { metrics, intervals, deviations } = nameFewShotAccuracies(results);
  evaluation.finish(results.map(row), { ...metrics, std: deviations, intervals });
}

function row({ classifier, perClass, top1, top5 }: FewShotAccuracy): string {
  const cell = ({ percent, std }: TriedAccuracy) =>
    `${percent.toFixed(2)} ± ${std.toFixed(2)} %`.padEnd(16);
  return `  ${`${perClass} per class`.padEnd(14)} ${classifier.padEnd(7)} ` +
    `top-1 ${cell(top1)} top-5 ${cell(top5).trimEnd()}`;
}
