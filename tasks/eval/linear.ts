import { nameAccuracies, nameTopAccuracy } from "../../src/eval/accuracy.ts";
import { checkHeadPath, writeHead } from "../../src/eval/head_file.ts";
import { cachedBatches } from "../../src/eval/linear/cached_batches.ts";
import {
  evaluateLinear,
  type LinearEvaluationOptions,
  type LinearResult,
} from "../../src/eval/linear/evaluate_linear.ts";
import { linearEmbedding } from "../../src/eval/linear/linear_embedding.ts";
import type { LabelledFeatures } from "../../src/features/labelled_features.ts";
import type { Command } from "../cli/command.ts";
import { Flags } from "../cli/flags.ts";
import { checkWritable } from "../cli/output_file.ts";
import { shownPath } from "../cli/paths.ts";
import { withProgress } from "../cli/progress.ts";
import { stdout } from "../cli/terminal.ts";
import { requiredFlags } from "./common_flags.ts";
import { type Evaluation, openEvaluation } from "./evaluation.ts";
import {
  type EvaluationArguments,
  evaluationArguments,
  evaluationFlags,
  evaluationHelp,
} from "./evaluation_flags.ts";
import { topPercent } from "./percent.ts";

const help = `Linear probe: the best of a grid of 52 linear classifiers

  deno task eval linear --weights runs/a --train DIR/train --val DIR/val --output linear.json

Flags
${evaluationHelp}
  --cached               train on features computed once, without random crops: faster
  --epochs N             epochs, after each of which the classifiers are evaluated; default 10
  --epoch-length N       iterations in an epoch; default 1250, fewer if that covers all images
  --learning-rates X,Y   for batches of 256 images; default 13 from 1e-5 to 0.1
  --head FILE            the best classifier: weight and bias, as .safetensors or .pth
  --seed N               random seed for initialisation, order and crops; default 0
  --help                 this text

Learning rates are scaled by --batch-size over 256`;

const names = {
  required: requiredFlags,
  optional: [...evaluationFlags, "epochs", "epoch-length", "learning-rates", "head", "seed"],
  switches: ["cached"],
};

/** `deno task eval linear`: linear classifiers by the protocol of the reference. */
export const linearCommand: Command = {
  summary: "linear probe: the best of a grid of classifiers",
  help,
  prepare(args) {
    const flags = new Flags(args, names);
    const head = flags.optionalPath("head");
    if (head !== undefined) checkHeadPath(head);
    const asked: LinearArguments = {
      ...evaluationArguments(flags),
      cached: flags.has("cached"),
      head,
      batchSize: flags.count("batch-size") ?? BATCH_SIZE,
      seed: flags.index("seed") ?? 0,
      fit: {
        epochs: flags.count("epochs"),
        epochLength: flags.count("epoch-length"),
        learningRates: flags.positives("learning-rates"),
      },
    };
    return () => run(asked);
  },
};

/** What a command line of `deno task eval linear` asks for. */
interface LinearArguments extends EvaluationArguments {
  /** Whether to train on features computed once instead of random crops. */
  readonly cached: boolean;
  /** Images of a batch, of features and of a training step. */
  readonly batchSize: number;
  /** Where the best classifier goes. */
  readonly head?: string;
  /** Of everything random. */
  readonly seed: number;
  /** Length and learning rates. */
  readonly fit: LinearEvaluationOptions;
}

const BATCH_SIZE = 128;
const SHOWN = 5;

async function run(asked: LinearArguments): Promise<void> {
  if (asked.head !== undefined) checkWritable(asked.head);
  using evaluation = await openEvaluation(asked);
  const result = await (asked.cached ? trainCached : trainOnCrops)(evaluation, asked);
  const { best, classifier, classifiers, diverged, history } = result;
  if (asked.head !== undefined) {
    const { weight, bias } = classifier;
    writeHead(asked.head, { weight, bias }, {
      classifier: best.name,
      classes: evaluation.classes,
    });
    stdout.line(`Wrote the best classifier to ${shownPath(asked.head)}`);
  }
  for (const item of [classifier.weight, classifier.bias]) item.dispose();
  const ranked = classifiers.toSorted((a, b) => b.top1.percent - a.top1.percent);
  evaluation.finish(
    [
      ...ranked.slice(0, SHOWN).map((one) => `  ${one.name.padEnd(48)} ${topPercent(one)}`),
      ...diverged.length === 0 ? [] : [
        `  ${diverged.length} of ${
          diverged.length + ranked.length
        } classifiers diverged and were ` +
        `skipped: ${diverged.join(", ")}`,
      ],
    ],
    {
      best_classifier: best.name,
      val_accuracy: best.top1.percent,
      val_mean_per_class: best.meanPerClass,
      intervals: nameAccuracies([["val_accuracy", best.top1]]).intervals,
      classifiers: Object.fromEntries(classifiers.map((one) => {
        const { metrics, intervals } = nameTopAccuracy(one);
        return [one.name, { ...metrics, intervals }];
      })),
      diverged,
      history: history.map(({ iteration, best: { name, top1 } }) => ({
        iteration,
        best_classifier: name,
        val_accuracy: top1.percent,
      })),
    },
  );
}

/** Trains on random crops, a new one of every image each time, as the reference does. */
async function trainOnCrops(evaluation: Evaluation, asked: LinearArguments): Promise<LinearResult> {
  const { sets: [train, val], device, backbone } = evaluation;
  const embed = linearEmbedding(backbone);
  return await evaluation.evaluate(embed, async ([features]) => {
    const batches = train.augmented(embed, { device, seed: asked.seed });
    return await fit(evaluation, batches, features, asked);
  }, { sets: [val] });
}

/** Trains on the features of whole images, computed once. */
async function trainCached(evaluation: Evaluation, asked: LinearArguments): Promise<LinearResult> {
  const { batchSize, seed } = asked;
  const embed = linearEmbedding(evaluation.backbone);
  return await evaluation.evaluate(embed, async ([train, val]) => {
    return await fit(evaluation, cachedBatches(train, { batchSize, seed }), val, asked);
  });
}

async function fit(
  { backbone: { model: { options } }, classes, sets: [train] }: Evaluation,
  batches: Parameters<typeof evaluateLinear>[0],
  val: LabelledFeatures,
  { batchSize, seed, fit }: LinearArguments,
): Promise<LinearResult> {
  const task = {
    width: options.embedDim,
    depth: options.depth,
    classes: classes.length,
    batchSize,
    images: train.folder.paths.length,
  };
  return await withProgress(
    "training",
    "steps",
    (onProgress) => evaluateLinear(batches, val, task, { ...fit, seed, onProgress }),
  );
}
