import { recordFunction } from "../tensor/profiler.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { StepOutputs } from "./diagnostics.ts";
import type { CachedBatch } from "./gradient_cache.ts";
import type { Learner } from "./learner.ts";
import { lossesOf } from "./losses.ts";
import { studentPass } from "./student_pass.ts";
import type { Targets } from "./teacher_pass.ts";

/** The results of a micro-batch besides gradients. */
export interface Learned {
  /** Its share of each loss, outside the graph. */
  readonly losses: Record<string, Tensor>;
  /** Outputs of the networks, for `diagnose`. */
  readonly outputs: StepOutputs;
}

/**
 * Adds the gradients of a micro-batch: the student predicts the targets, and its losses are differentiated.
 *
 * @param learner The trainer state.
 * @param batch The whole batch; the micro-batch's class tokens are put in their place.
 * @param index Which micro-batch.
 * @param targets What the student is to predict.
 */
export function learnFrom(
  learner: Learner,
  { microBatches, features }: CachedBatch,
  index: number,
  targets: Targets,
): Learned {
  const { config, scaler } = learner;
  const microBatch = microBatches[index];
  const prediction = recordFunction("student", () => studentPass(learner, microBatch));
  const { logged, total } = recordFunction("losses", () =>
    lossesOf(config, {
      prediction,
      targets,
      weights: microBatch.masks?.weights ?? null,
      microBatches: microBatches.length,
      others: features.filter((_, other) => other !== index),
    }));
  recordFunction("backward", () => (scaler?.scale(total) ?? total).backward());
  features[index] = prediction.features.detach().clone(); // a view would hold all tokens
  return {
    losses: logged,
    outputs: {
      targets: targets.cls,
      logits: prediction.global.detach(),
      features: features[index],
      masks: microBatch.masks?.masks ?? null,
      lossScale: scaler && scaler.lossScale.clone(),
    },
  };
}
