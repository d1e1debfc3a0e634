import {
  evaluateFewShot,
  type FewShotAccuracy,
  fewShotClassifiers,
  type FewShotOptions,
  nameFewShotAccuracies,
  type TriedAccuracy,
} from "../../src/eval/evaluate_few_shot.ts";
import { tokenEmbedding } from "../../src/features/embedding.ts";
import type { Command } from "../cli/command.ts";
import { Flags } from "../cli/flags.ts";
import { withProgress } from "../cli/progress.ts";
import { requiredFlags } from "./common_flags.ts";
import { openEvaluation } from "./evaluation.ts";
import {
  type EvaluationArguments,
  evaluationArguments,
  evaluationFlags,
  evaluationHelp,
} from "./evaluation_flags.ts";
import { columns } from "./percent.ts";

const help = `Few-shot classification: k-NN and logistic regression on a few examples of each class

  deno task eval fewshot --weights runs/a --train DIR/train --val DIR/val --output fewshot.json

Flags
${evaluationHelp}
  --n-per-class 1,2,5,10 numbers of examples
  --n-tries N            random choices of examples, for mean and standard deviation; default 5
  --classifier NAME      knn, as many neighbours as examples of a class, or logreg; default both
  --temperature X        temperature of the neighbours' votes; default 0.07
  --c X                  inverse strength of logistic regression's penalty; default 1
  --help                 this text`;

const names = {
  required: requiredFlags,
  optional: [...evaluationFlags, "n-per-class", "n-tries", "classifier", "temperature", "c"],
};

/** `deno task eval fewshot`: k-NN and logistic regression on random examples. */
export const fewShotCommand: Command = {
  summary: "few-shot classification: k-NN and logistic regression on a few examples",
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
    return () => run(asked);
  },
};

/** What a command line of `deno task eval fewshot` asks for. */
interface FewShotArguments extends EvaluationArguments {
  /** Examples and classifiers. */
  readonly examples: FewShotOptions;
}

async function run(asked: FewShotArguments): Promise<void> {
  using evaluation = await openEvaluation(asked);
  const embed = tokenEmbedding(evaluation.backbone, "cls");
  const results = await evaluation.evaluate(
    embed,
    ([train, val]) =>
      withProgress(
        "choices of examples",
        "choices",
        (onProgress) => evaluateFewShot(train, val, { ...asked.examples, onProgress }),
      ),
  );
  const { metrics, intervals, deviations } = nameFewShotAccuracies(results);
  const examples = results.map(({ perClass, images }) => [`${perClass} per class`, images]);
  evaluation.finish(results.map(row), {
    ...metrics,
    std: deviations,
    intervals,
    examples: Object.fromEntries(examples),
  });
}

function row({ classifier, perClass, images, top1, top5, meanPerClass }: FewShotAccuracy): string {
  const cell = ({ percent, std }: TriedAccuracy) =>
    `${percent.toFixed(2)} ± ${std.toFixed(2)} %`.padEnd(16);
  return `  ${`${perClass} per class (${images})`.padEnd(20)} ${classifier.padEnd(7)} ` +
    columns(cell(top1), top5 && cell(top5), meanPerClass);
}
