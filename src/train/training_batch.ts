import type { Config } from "../config/schema.ts";
import type { MaskBatch } from "../dino/mask_batch.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { PermutationSource } from "../vit/drop_path.ts";

/** The batch of a step, or a micro-batch of it: what passes through the networks at once. */
export interface TrainingBatch {
  /** `[2B, C, G, G]`, crop-major: all first crops, then all second ones. */
  globalCrops: Tensor;
  /** `[n B, C, L, L]`, crop-major; null without local crops. */
  localCrops: Tensor | null;
  /** The masked patches of the global crops; null where none is masked. */
  masks: MaskBatch | null;
  /** Where stochastic depth takes its permutations from. */
  permutation: PermutationSource;
}

/** The patches that the student predicts; null without the iBOT loss, for which the reference masks crops all the same. */
export function predictedPatches(
  { masks }: Pick<TrainingBatch, "masks">,
  { ibot }: Pick<Config, "ibot">,
): MaskBatch | null {
  return ibot.loss_weight > 0 ? masks : null;
}

/**
 * The equally sized micro-batches of a batch.
 *
 * @throws {TypeError} If there is none, or they differ in size.
 */
export function microBatchesOf(batch: TrainingBatch | readonly TrainingBatch[]): TrainingBatch[] {
  const microBatches = [batch].flat();
  const kinds = new Set(microBatches.map(describe));
  if (kinds.size === 1) return microBatches;
  throw new TypeError(
    `Cannot learn from ${
      microBatches.length === 0 ? "no micro-batch" : [...kinds].join(" and ")
    }: ` +
      "give one micro-batch or more, all of one size",
  );
}

function describe({ globalCrops, localCrops, masks }: TrainingBatch): string {
  const counts = `${globalCrops.shape[0]} global and ${localCrops?.shape[0] ?? 0} local crops`;
  return masks === null ? counts : `${counts} with masks`;
}
