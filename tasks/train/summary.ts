import type { Evaluation } from "../../src/train/evaluation.ts";
import { counted } from "../../src/files/quoted.ts";
import type { TrainResult } from "../../src/train/loop.ts";
import type { RunHealth } from "../../src/train/run_health.ts";
import { shownPath, typedPath } from "../cli/paths.ts";
import { duration } from "../cli/progress.ts";

/** An evaluation in a line. */
export function evaluationLine(evaluation: Evaluation): string {
  const { k, top1, top5 } = evaluation;
  const second = top5 === undefined ? "" : `, top-5 ${top5.toFixed(1)} %`;
  return `k-NN (k=${k}) of ${named(evaluation)}: top-1 ${top1.toFixed(1)} %${second}`;
}

/** The health of a run in a line, with the setting most likely at fault. */
export function healthLine({ condition, because, cause }: RunHealth): string {
  const fault = cause === undefined
    ? ""
    : `. Likely cause: ${cause.setting}=${cause.value}; ${cause.remedy}`;
  return `${condition}, ${because}${fault}`;
}

/**
 * What a run ends with: what was learned, where it is, what to type next.
 *
 * @param result How it ended.
 * @param seconds How long it took, since it was resumed if it was.
 */
export function summaryLines(result: TrainResult, seconds: number): string[] {
  const { done, total, health, evaluations, evaluatedOn } = result;
  const folder = typedPath(result.folder);
  if (done < total) {
    return [
      `Stopped after ${done} of ${counted(total, "iteration")} and saved. Resume with`,
      `  deno task train --output-dir ${folder} --resume`,
    ];
  }
  const { train, val } = evaluatedOn ?? { train: "DIR/train", val: "DIR/val" };
  return [
    "",
    trainedLine(result, duration(seconds)),
    `Run health: ${healthLine(health)}`,
    ...learned(evaluations),
    `Run folder: ${shownPath(result.folder)}`,
    "Next",
    `  deno task eval knn --weights ${folder} --train ${typedPath(train)} --val ${typedPath(val)}`,
    "  deno task train --data DIR --output-dir runs/mine    # your own images, no labels needed",
  ];
}

function trainedLine({ total, doneBefore }: TrainResult, time: string): string {
  if (doneBefore === 0) return `Trained for ${counted(total, "iteration")} in ${time}`;
  return doneBefore === total
    ? `Trained for ${counted(total, "iteration")} before; nothing was left to do`
    : `Trained for ${counted(total, "iteration")}, the last ${total - doneBefore} in ${time}`;
}

function learned(evaluations: readonly Evaluation[]): string[] {
  if (evaluations.length === 0) return [];
  const width = Math.max(...evaluations.map((evaluation) => named(evaluation).length));
  return [
    `k-NN accuracy of the features (k=${evaluations[0].k})`,
    ...evaluations.map((each) =>
      `  ${named(each).padEnd(width)}  ${each.top1.toFixed(1).padStart(5)} %`
    ),
  ];
}

function named({ features, iterations }: Evaluation): string {
  return features === "teacher"
    ? `the teacher after ${counted(iterations, "iteration")}`
    : `the ${features}`;
}
