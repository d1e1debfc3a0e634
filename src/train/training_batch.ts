import type { MaskBatch } from "../dino/mask_batch.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { PermutationSource } from "../vit/drop_path.ts";

/** What one step learns from, or a part of it that passes through the networks at once. */
export interface TrainingBatch {
  /** `[2B, 3, G, G]`, crop-major: all first crops, then all second ones. */
  globalCrops: Tensor;
  /** `[n B, 3, L, L]`, crop-major; null without local crops. */
  localCrops: Tensor | null;
  /** The masked patches of the global crops; null without the iBOT loss. */
  masks: MaskBatch | null;
  /** Where stochastic depth takes its permutations from. */
  permutation: PermutationSource;
}
