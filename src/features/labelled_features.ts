import { tensor } from "../tensor/create.ts";
import type { Device } from "../tensor/device.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { allFinite } from "./finite_features.ts";

/** Features of images and the images' classes. */
export interface LabelledFeatures {
  /** `[n, D]`, float32; of length 1 where similarity is to be a cosine. */
  readonly features: Tensor;
  /** The class of each image, an index from 0. */
  readonly labels: Uint32Array;
}

/**
 * Checks that sets have images, as many features as labels, and finite features of one width: NaN would win every
 * comparison. Waits for the device.
 *
 * @throws {RangeError} If one has not.
 */
export function checkFeatures(...sets: readonly LabelledFeatures[]): void {
  for (const { features, labels } of sets) {
    if (labels.length === 0) throw new RangeError("Cannot evaluate a set without images");
    if (features.shape[0] !== labels.length) {
      throw new RangeError(
        `Cannot pair ${features.shape[0]} features with ${labels.length} labels`,
      );
    }
    if (!allFinite(features)) {
      throw new RangeError("Cannot compare features that hold NaN or infinity");
    }
  }
  const widths = new Set(sets.map(({ features }) => features.shape[1]));
  if (widths.size > 1) {
    throw new RangeError(`Cannot compare features of ${[...widths].join(" and ")} numbers`);
  }
}

/** One more than the highest class of any set. */
export function countClasses(...sets: readonly LabelledFeatures[]): number {
  return 1 + Math.max(...sets.map(({ labels }) => labels.reduce((a, b) => Math.max(a, b), 0)));
}

/** Classes as a tensor, `[n]`, int64. */
export function labelTensor(labels: Uint32Array, device: Device): Tensor {
  return tensor(BigInt64Array.from(labels, BigInt), { device });
}

/** Some images of a set, in the order of their indices. */
export function selectImages(
  { features, labels }: LabelledFeatures,
  chosen: Uint32Array,
): LabelledFeatures {
  return {
    features: features.indexSelect(0, tensor(Int32Array.from(chosen), { device: features.device })),
    labels: Uint32Array.from(chosen, (index) => labels[index]),
  };
}
