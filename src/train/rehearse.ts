import { autocast } from "../autograd/autocast.ts";
import { noGrad } from "../autograd/mode.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { PermutationSource } from "../vit/drop_path.ts";
import type { Learner } from "./learner.ts";
import type { TrainingBatch } from "./training_batch.ts";

/** A batch before the student learns from it. */
export interface Rehearsed {
  /** Its parts, in order. */
  parts: readonly TrainingBatch[];
  /** The class tokens of each part's global crops, `[2B, D]`, outside the graph. The first place is empty. */
  features: Tensor[];
}

/**
 * Finds the class tokens that parts still to come will have: KoLeo looks for neighbours in all of a batch.
 *
 * The student passes over the global crops of all parts but the first, without a graph; stochastic depth drops what it will
 * drop again. That is all that exact accumulation costs in the networks: (N - 1) / N of a forward pass on the global crops,
 * about a seventh of a step of ViT-L/14 when N is large. A batch in one part, or without KoLeo, costs nothing.
 */
export function rehearse(learner: Learner, parts: readonly TrainingBatch[]): Rehearsed {
  const features: Tensor[] = [];
  if (learner.config.dino.koleo_loss_weight === 0) return { parts, features };
  const { student, precision } = learner;
  const rehearsed = parts.map((part, i) => {
    if (i === 0) return part;
    const { first, again } = twice(part);
    features[i] = noGrad(() =>
      scope(() =>
        autocast(precision, () =>
          student.backbone.forwardFeatures([part.globalCrops], {
            masks: [part.masks?.masks ?? null],
            permutation: first,
          })[0].xNormClstoken.clone())
      )
    );
    return { ...part, permutation: again };
  });
  return { parts: rehearsed, features };
}

/** Permutations for a pass over the global crops alone, and the same once more among those of the local crops. */
function twice(
  { localCrops, permutation }: TrainingBatch,
): Record<"first" | "again", PermutationSource> {
  const drawn: ReturnType<PermutationSource>[] = [];
  return {
    first(globalCrops) {
      const ofGlobal = permutation(globalCrops);
      drawn.push(ofGlobal, ...(localCrops === null ? [] : [permutation(localCrops.shape[0])]));
      return ofGlobal;
    },
    again: () => drawn.shift()!,
  };
}
