import { nameTopAccuracy } from "../../src/eval/accuracy.ts";
import { evaluateLogreg, type LogregOptions } from "../../src/eval/evaluate_logreg.ts";
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
import { topPercent } from "./percent.ts";

const help = `Logistic regression on class tokens

  deno task eval logreg --weights runs/a --train DIR/train --val DIR/val --output logreg.json

Flags
${evaluationHelp}
  --c-values 0.1,1,10    inverse strengths of the penalty, to choose from on a tenth of the
                         training images; default: 45 from 1e-6 to 1e5
  --max-train-iters N    maximum steps of each fit; default 1000
  --seed N               random seed for the choice of that tenth; default 0
  --help                 this text`;

const names = {
  required: requiredFlags,
  optional: [...evaluationFlags, "c-values", "max-train-iters", "seed"],
};

/** `deno task eval logreg`: logistic regression by the protocol of the reference. */
export const logregCommand: Command = {
  summary: "logistic regression",
  help,
  prepare(args) {
    const flags = new Flags(args, names);
    const asked: LogregArguments = {
      ...evaluationArguments(flags),
      fit: {
        cValues: flags.positives("c-values"),
        maxIterations: flags.count("max-train-iters"),
        seed: flags.index("seed"),
      },
    };
    return () => run(asked);
  },
};

/** What a command line of `deno task eval logreg` asks for. */
interface LogregArguments extends EvaluationArguments {
  /** Strengths of the penalty and seed. */
  readonly fit: LogregOptions;
}

/** As in the reference, features are not scaled, and images of 224 pixels are resized to 224. */
async function run(asked: LogregArguments): Promise<void> {
  using evaluation = await openEvaluation(asked, { resize: (imageSize) => imageSize });
  const embed = tokenEmbedding(evaluation.backbone, "cls");
  const result = await evaluation.evaluate(
    embed,
    ([train, val]) =>
      withProgress(
        "values of C",
        "fits",
        (onProgress) => evaluateLogreg(train, val, { ...asked.fit, onProgress }),
      ),
  );
  const { bestC, converged, heldOut } = result;
  const { metrics, intervals } = nameTopAccuracy(result);
  const unfinished = "  the last fit did not converge: raise --max-train-iters";
  evaluation.finish(
    [
      `  C = ${bestC.toPrecision(3).padEnd(8)} ${topPercent(result)}`,
      ...converged ? [] : [unfinished],
    ],
    { ...metrics, best_C: bestC, converged, intervals, held_out: heldOut },
  );
}
