import {
  evaluateKnn,
  type KnnAccuracy,
  type KnnEvaluationOptions,
  nameKnnAccuracies,
} from "../../src/eval/evaluate_knn.ts";
import { backboneEmbedding, type Embedding, pixelEmbedding } from "../../src/features/embedding.ts";
import type { Command } from "../cli/command.ts";
import { Flags } from "../cli/flags.ts";
import { requiredFlags } from "./common_flags.ts";
import { openEvaluation } from "./evaluation.ts";
import {
  type EvaluationArguments,
  evaluationArguments,
  evaluationFlags,
  evaluationHelp,
} from "./evaluation_flags.ts";
import { topPercent } from "./percent.ts";

const help = `Weighted k-nearest-neighbour classification

  deno task eval knn --weights runs/a --train DIR/train --val DIR/val --output knn.json

Flags
${evaluationHelp}
  --nb-knn 10,20,100,200 numbers of neighbours
  --temperature X        temperature of the votes; default 0.07
  --n-per-class 1,5      also with only this many training images per class
  --n-tries N            random choices of these to average; default 1
  --pixels               also by raw pixels, for comparison
  --help                 this text`;

const names = {
  required: requiredFlags,
  optional: [...evaluationFlags, "nb-knn", "temperature", "n-per-class", "n-tries"],
  switches: ["pixels"],
};

/** `deno task eval knn`: weighted k-NN by the protocol of the reference. */
export const knnCommand: Command = {
  summary: "weighted k-nearest-neighbour classification",
  help,
  prepare(args) {
    const flags = new Flags(args, names);
    const asked: KnnArguments = {
      ...evaluationArguments(flags),
      pixels: flags.has("pixels"),
      votes: {
        nbKnn: flags.counts("nb-knn"),
        temperature: flags.positive("temperature"),
        nPerClassList: flags.counts("n-per-class"),
        nTries: flags.count("n-tries"),
      },
    };
    return () => run(asked);
  },
};

/** What a command line of `deno task eval knn` asks for. */
interface KnnArguments extends EvaluationArguments {
  /** Whether raw pixels are evaluated as well. */
  readonly pixels: boolean;
  /** Neighbours, temperature and subsets. */
  readonly votes: KnnEvaluationOptions;
}

async function run(asked: KnnArguments): Promise<void> {
  using evaluation = await openEvaluation(asked);
  const evaluate = (embed: Embedding, options: { title?: string } = {}) =>
    evaluation.evaluate(embed, ([train, val]) => evaluateKnn(train, val, asked.votes), options);
  const { backbone } = evaluation;
  const results = await evaluate(backboneEmbedding(backbone));
  const pixels = asked.pixels
    ? await evaluate(pixelEmbedding(backbone.normalization), { title: "pixels" })
    : undefined;
  evaluation.finish(
    [...table(results), ...pixels ? ["raw pixels", ...table(pixels)] : []],
    { ...flat(results), ...pixels && { pixels: flat(pixels) } },
  );
}

function table(results: readonly KnnAccuracy[]): string[] {
  return results.map((result) =>
    `  ${`${result.setting} (${result.images})`.padEnd(20)} k = ${String(result.k).padEnd(4)} ${
      topPercent(result)
    }`
  );
}

function flat(results: readonly KnnAccuracy[]): Record<string, unknown> {
  const { metrics, intervals } = nameKnnAccuracies(results);
  const voters = results.map(({ setting, images }) => [setting, images]);
  return { ...metrics, intervals, voters: Object.fromEntries(voters) };
}
