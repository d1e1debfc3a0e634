import { arange, full, tensor } from "../tensor/create.ts";
import type { Device } from "../tensor/device.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { SampledMasks } from "../vit/masking.ts";

/** The masks of a batch as the networks and the iBOT loss need them. */
export interface MaskBatch {
  /** True where a patch is masked, `[2B, N]`; null where none is. */
  masks: Tensor | null;
  /** Where the predicted patches lie in the flattened `[2B N]`, padded with 0 to the upper bound. int64. */
  indices: Tensor;
  /** One over the predicted patches of the crop, for each of them, `[n]`. */
  weights: Tensor;
  /** Predicted patches n, at most the length of `indices`. */
  count: number;
}

/**
 * Uploads masks. `indices` are padded to the upper bound of the draw, so that the heads always see one shape; the
 * padding is cut off before the loss.
 *
 * @param sampled Masks `[2B, N]` and their upper bound.
 * @param crops Global crops, 2B.
 */
export function maskBatch(
  sampled: SampledMasks,
  crops: number,
  options: { device?: Device } = {},
): MaskBatch {
  const { masks, upperbound } = sampled;
  const patches = masks.length / crops;
  const positions = Array.from(masks.keys()).filter((i) => masks[i] === 1);
  const perCrop = new Uint32Array(crops);
  for (const position of positions) perCrop[Math.floor(position / patches)]++;
  const indices = new BigInt64Array(Math.max(upperbound, positions.length));
  const weights = new Float32Array(positions.length);
  for (const [i, position] of positions.entries()) {
    indices[i] = BigInt(position);
    weights[i] = 1 / perCrop[Math.floor(position / patches)];
  }
  return {
    masks: tensor(masks, { shape: [crops, patches], dtype: "bool", ...options }),
    indices: tensor(indices, options),
    weights: tensor(weights, options),
    count: positions.length,
  };
}

/**
 * Nothing is masked and every patch is predicted: so the paper distils a large network (section 5).
 *
 * @param crops Global crops, 2B.
 * @param patches Patches of each, N.
 */
export function everyPatch(
  crops: number,
  patches: number,
  options: { device?: Device } = {},
): MaskBatch {
  const count = crops * patches;
  return {
    masks: null,
    indices: arange(count, options),
    weights: full([count], 1 / patches, options),
    count,
  };
}
