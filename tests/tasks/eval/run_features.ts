import { join } from "@std/path";
import { type Backbone, loadBackbone } from "../../../src/backbone/backbone.ts";
import type { WeightsOptions } from "../../../src/backbone/recognise/backbone_file.ts";
import { openImages } from "../../../src/data/sources/open.ts";
import type { Embedding } from "../../../src/features/embedding.ts";
import { EvaluationSet, type EvaluationSetOptions } from "../../../src/features/evaluation_set.ts";
import { evaluateEmbedding } from "../../../src/features/evaluate_embedding.ts";
import type { LabelledFeatures } from "../../../src/features/labelled_features.ts";
import type { Command } from "../../../tasks/cli/command.ts";
import { watched } from "../watched.ts";

/** What a command does, and what it reports of the run in a folder. */
export async function reported(command: Command, folder: string, ...flags: readonly string[]) {
  const done = await watched(command, ...flags);
  const report = JSON.parse(await Deno.readTextFile(join(folder, "results", "found.json")));
  return { ...done, report, lines: done.output.trimEnd().split("\n") };
}

/** What the library makes of the features of the run's images, seen in 32 pixels unless told otherwise. */
export async function evaluated<T>(
  folder: string,
  embedOf: (backbone: Backbone) => Embedding,
  evaluate: (train: LabelledFeatures, val: LabelledFeatures) => T | Promise<T>,
  options: EvaluationSetOptions = {},
  known: WeightsOptions = {},
): Promise<T> {
  const backbone = loadBackbone(join(folder, "run"), known);
  using _ = backbone.model;
  const { channels = 3 } = options;
  const open = async (part: string) =>
    new EvaluationSet(await openImages(join(folder, "data", part), { channels }), {
      ...{ imageSize: 32, workers: 1, ...options },
    });
  using train = await open("train");
  using val = await open("val");
  return await evaluateEmbedding(
    [train, val],
    embedOf(backbone),
    ([known, asked]) => evaluate(known, asked),
  );
}
