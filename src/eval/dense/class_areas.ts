import { IGNORED } from "../../data/target.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** Pixels of one image, counted for each class. */
export interface ClassAreas {
  /** Labelled and found. */
  readonly intersect: Float64Array;
  /** Labelled. */
  readonly label: Float64Array;
  /** Found, among labelled pixels. */
  readonly predicted: Float64Array;
}

/**
 * Counts the pixels of an image by label and by what was found. Waits for the device.
 *
 * @param found The class found for each pixel, `[H, W]`, int64.
 * @param labels The label of each pixel, `[H, W]`, uint8; 255 counts for nothing.
 * @param numClasses Number of classes.
 */
export function classAreas(found: Tensor, labels: Tensor, numClasses: number): ClassAreas {
  const confusion = scope(() => {
    const cells = labels.to({ dtype: "int64" }).mul(numClasses).add(found); // [H, W]
    const counted = cells.maskedFill(labels.eq(IGNORED), numClasses ** 2).flatten();
    return counted.bincount(numClasses ** 2 + 1).toArray() as BigInt64Array;
  });
  const areas = {
    intersect: new Float64Array(numClasses),
    label: new Float64Array(numClasses),
    predicted: new Float64Array(numClasses),
  };
  for (let label = 0; label < numClasses; label++) {
    for (let other = 0; other < numClasses; other++) {
      const pixels = Number(confusion[label * numClasses + other]);
      areas.label[label] += pixels;
      areas.predicted[other] += pixels;
      if (label === other) areas.intersect[label] = pixels;
    }
  }
  return areas;
}
