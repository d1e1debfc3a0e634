import {
  evaluateKnn,
  type KnnAccuracy,
  type KnnEvaluationOptions,
  nameKnnAccuracies,
} from "../../src/eval/evaluate_knn.ts";
import type { Embedding } from "../../src/features/embedding.ts";
import { backboneEmbedding, pixelEmbedding } from "../../src/features/embeddings.ts";
import { openEvaluation } from "./evaluation.ts";
import type { EvaluationArguments } from "./evaluation_flags.ts";
import { topPercent } from "../cli/percent.ts";

/** What a command line of `deno task eval knn` asks for. */
export interface KnnArguments extends EvaluationArguments {
  /** Whether raw pixels are evaluated as well. */
  readonly pixels: boolean;
  /** Neighbours, temperature and subsets. */
  readonly votes: KnnEvaluationOptions;
}

/**
 * Carries out `deno task eval knn`.
 *
 * @throws {Error} If weights or images cannot be read, or the results cannot be written.
 */
export async function runKnn(asked: KnnArguments): Promise<void> {
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
    `  ${result.setting.padEnd(12)} k = ${String(result.k).padEnd(4)} ${topPercent(result)}`
  );
}

function flat(results: readonly KnnAccuracy[]): Record<string, unknown> {
  const { metrics, intervals } = nameKnnAccuracies(results);
  return { ...metrics, intervals };
}
