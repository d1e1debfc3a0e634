import type { Config } from "../config/schema.ts";
import type { MaskBatch } from "../dino/mask_batch.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { PermutationSource } from "../vit/drop_path.ts";

/** What one step learns from, or a part of it that passes through the networks at once. */
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
 * The parts of a batch, of which each counts as much as another.
 *
 * @throws {TypeError} If there is none, or they are not alike.
 */
export function partsOf(batch: TrainingBatch | readonly TrainingBatch[]): TrainingBatch[] {
  const parts = [batch].flat();
  const kinds = new Set(parts.map(describe));
  if (kinds.size === 1) return parts;
  throw new TypeError(
    `Cannot learn from ${parts.length === 0 ? "no part" : [...kinds].join(" and ")}: ` +
      "give one part or more, all of one size",
  );
}

function describe({ globalCrops, localCrops, masks }: TrainingBatch): string {
  const counts = `${globalCrops.shape[0]} global and ${localCrops?.shape[0] ?? 0} local crops`;
  return masks === null ? counts : `${counts} with masks`;
}
