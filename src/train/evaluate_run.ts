import { saveRunTeacher } from "./checkpointing.ts";
import type { Evaluation } from "./evaluation.ts";
import type { Run } from "./run.ts";

/** Evaluates what training has to beat, where there are labels: the pixels themselves and the network before the first step. */
export async function evaluateStart(run: Run): Promise<void> {
  const { evaluator, learner } = run;
  if (evaluator === undefined) return;
  record(run, await evaluator.pixels());
  record(run, await evaluator.network(learner.emaTeacher.backbone, 0));
}

/** Saves the teacher, and evaluates it where there are labels. */
export async function evaluateTeacher(run: Run): Promise<void> {
  const { evaluator, learner, done } = run;
  saveRunTeacher(run);
  if (evaluator === undefined) return;
  record(run, await evaluator.network(learner.emaTeacher.backbone, done));
}

function record(run: Run, evaluation: Evaluation): void {
  run.evaluations.push(evaluation);
  run.onEvent({ kind: "evaluation", evaluation });
}
