import { autocast } from "../autograd/autocast.ts";
import { noGradScope } from "../autograd/mode.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { PermutationSource } from "../vit/drop_path.ts";
import type { Learner } from "./learner.ts";
import { needsWholeBatch } from "./losses.ts";
import type { TrainingBatch } from "./training_batch.ts";

/** A batch before the student learns from it. */
export interface CachedBatch {
  /** Its micro-batches, in order. */
  readonly microBatches: readonly TrainingBatch[];
  /**
   * The class tokens of each micro-batch's global crops, `[2B, D]`, outside the graph. Those of the first are not known
   * before it is learned from, and none where no loss looks at the whole batch.
   */
  readonly features: Tensor[];
}

/**
 * The pre-pass of a gradient cache ([Gao et al.](https://arxiv.org/abs/2101.06983)): finds the class tokens that
 * micro-batches still to come will have, for losses that look at the whole batch, such as KoLeo.
 *
 * The student passes over the global crops of all micro-batches but the first, without a graph; stochastic depth drops
 * what it will drop again. That is all that exact accumulation costs in the networks: (N - 1) / N of a forward pass on the
 * global crops, about a seventh of a step of ViT-L/14 when N is large. A single micro-batch, or losses that look at each
 * image alone, cost nothing.
 */
export function cacheFeatures(
  { student, precision, config }: Learner,
  microBatches: readonly TrainingBatch[],
): CachedBatch {
  const features: Tensor[] = [];
  if (!needsWholeBatch(config)) return { microBatches, features };
  const replayed = microBatches.map((microBatch, i) => {
    if (i === 0) return microBatch;
    const { first, again } = twice(microBatch);
    features[i] = noGradScope(() =>
      autocast(precision, () =>
        student.backbone.forwardFeatures([microBatch.globalCrops], {
          masks: [microBatch.masks?.masks ?? null],
          permutation: first,
        })[0].xNormClstoken.clone())
    );
    return { ...microBatch, permutation: again };
  });
  return { microBatches: replayed, features };
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
