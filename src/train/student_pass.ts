import { autocast } from "../autograd/autocast.ts";
import { project } from "../dino/project.ts";
import { cat } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Learner } from "./learner.ts";
import { predictedPatches, type TrainingBatch } from "./training_batch.ts";

/** The student's outputs for crops, in the graph. */
export interface Prediction {
  /** Class tokens of the global crops, before the head, `[2B, D]`. */
  features: Tensor;
  /** Logits of the global crops, `[2B, K]`. */
  global: Tensor;
  /** Logits of the local crops, `[n B, K]`; null without local crops. */
  local: Tensor | null;
  /** Logits of the predicted patches, `[P, K]`; null without any. */
  patches: Tensor | null;
}

/** The student's pass over all crops, packed: global ones masked, local ones not. */
export function studentPass(
  { student, config, precision }: Pick<Learner, "student" | "config" | "precision">,
  batch: TrainingBatch,
): Prediction {
  const { globalCrops, localCrops, masks, permutation } = batch;
  return autocast(precision, () => {
    const crops = localCrops === null ? [globalCrops] : [globalCrops, localCrops];
    const [ofGlobal, ofLocal] = student.backbone.forwardFeatures(crops, {
      masks: [masks?.masks ?? null, null].slice(0, crops.length),
      permutation,
    });
    const features = ofGlobal.xNormClstoken; // [2B, D]
    const cls = ofLocal === undefined ? features : cat([ofLocal.xNormClstoken, features], 0); // [(n + 2) B, D]
    const tokens = { cls, patches: ofGlobal.xNormPatchtokens };
    const logits = project(student, tokens, predictedPatches(batch, config));
    const sizes = [cls.shape[0] - features.shape[0], features.shape[0]];
    const [local, global] = logits.cls.split(sizes, 0);
    return { features, global, local: localCrops && local, patches: logits.patches };
  });
}
