import { autocast, type AutocastOptions } from "../autograd/autocast.ts";
import { noGrad } from "../autograd/mode.ts";
import type { DinoHead } from "../dino/head.ts";
import { embed } from "../dino/project.ts";
import type { LogitParts } from "../dino/target_maker.ts";
import { cat } from "../tensor/create.ts";
import { recordFunction } from "../tensor/profiler.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Learner } from "./learner.ts";
import { predictedPatches, type TrainingBatch } from "./training_batch.ts";

/** What the student is to predict. */
export interface Targets {
  /** For each global crop, the teacher's probabilities for the other crop of its image, `[2B, K]`. */
  cls: Tensor;
  /** For each predicted patch, the teacher's probabilities for it unmasked, `[P, K]`; null without any. */
  patches: Tensor | null;
}

/**
 * The teacher's pass over the whole batch.
 *
 * Of several micro-batches only bottlenecks are held, `[2B + P, E]` of each: their logits, hundreds of times as large, are computed
 * again in each pass of the targets over the batch (one for centring, four for Sinkhorn-Knopp) and once more when the
 * student learns from them.
 *
 * @returns Makes the targets of a micro-batch, by its index.
 */
export function teacherPass(
  learner: Pick<Learner, "teacher" | "config" | "precision" | "dinoTargets" | "ibotTargets">,
  microBatches: readonly TrainingBatch[],
  temperature: number,
): (index: number) => Targets {
  const { teacher, config, precision, dinoTargets, ibotTargets } = learner;
  const { dinoHead, ibotHead } = teacher;
  return recordFunction("teacher", () =>
    noGrad(() => {
      const seen = microBatches.map((microBatch) =>
        scope(() =>
          autocast(precision, () => {
            const { xNormClstoken, xNormPatchtokens } = teacher.backbone
              .forwardFeatures(microBatch.globalCrops);
            const cls = cat(xNormClstoken.chunk(2).reverse(), 0); // [2B, D], each crop's partner
            const tokens = { cls, patches: xNormPatchtokens };
            return embed(teacher, tokens, predictedPatches(microBatch, config));
          })
        )
      );
      const cls = logits(precision, dinoHead, seen.map(({ cls }) => cls));
      const patches = logits(
        precision,
        ibotHead ?? dinoHead,
        seen.flatMap(({ patches }) => patches ?? []),
      );
      const clsTargets = dinoTargets.fit(cls, temperature);
      const patchTargets = patches.length > 0 ? ibotTargets.fit(patches, temperature) : null;
      return (index) =>
        recordFunction("targets", () =>
          noGrad(() => ({
            cls: scope(() => clsTargets(cls[index]())), // [2B, K]
            patches: patchTargets && scope(() => patchTargets(patches[index]())), // [P, K]
          })));
    }));
}

/** From bottlenecks to logits. Those of a single micro-batch are computed once and held. */
function logits(
  precision: AutocastOptions,
  { lastLayer }: DinoHead,
  embeddings: readonly Tensor[],
): LogitParts {
  const parts = embeddings.map((x) => () => autocast(precision, () => lastLayer.forward(x)));
  if (parts.length !== 1) return parts;
  const only = scope(parts[0]);
  return [() => only];
}
