import type { Accuracy } from "../accuracy.ts";
import { bootstrapIntervals } from "./bootstrap.ts";
import type { ClassAreas } from "./class_areas.ts";

/**
 * The scores of a segmentation in percent, under mmsegmentation's names. 95 % intervals are over random draws of the
 * images.
 */
export interface SegmentationScores {
  /** Mean over classes of intersection over union; classes neither labelled nor found do not count. */
  readonly mIoU: Accuracy;
  /** Mean over classes of the share of labelled pixels that were found; classes not labelled do not count. */
  readonly mAcc: Accuracy;
  /** Share of all labelled pixels whose class was found. */
  readonly aAcc: Accuracy;
  /** Intersection over union of each class in percent, or null. */
  readonly IoU: readonly (number | null)[];
  /** Share of each class's labelled pixels that were found in percent, or null. */
  readonly Acc: readonly (number | null)[];
}

/**
 * Scores a segmentation by the areas of all images together.
 *
 * Source: `mmseg/core/evaluation/metrics.py`, `mean_iou`.
 *
 * @param areas Of each image.
 * @throws {RangeError} If there is no labelled pixel.
 */
export function segmentationScores(areas: readonly ClassAreas[]): SegmentationScores {
  const total = sumAreas(areas);
  if (!total.label.some((pixels) => pixels > 0)) {
    throw new RangeError("Cannot score a segmentation without labelled pixels");
  }
  const means = (total: Total) => [
    meanOfKnown(unionShares(total)),
    meanOfKnown(labelShares(total)),
    100 * sum(total.intersect) / sum(total.label),
  ];
  const intervals = bootstrapIntervals(
    areas.length,
    (draw) => means(sumAreas(draw.map((image) => areas[image]))),
  );
  const [mIoU, mAcc, aAcc] = means(total)
    .map((percent, i): Accuracy => ({ percent, interval: intervals[i] }));
  return { mIoU, mAcc, aAcc, IoU: unionShares(total), Acc: labelShares(total) };
}

type Total = Record<keyof ClassAreas, number[]>;

function sumAreas(areas: readonly ClassAreas[]): Total {
  const total = (name: keyof ClassAreas) => {
    const sums = Array<number>(areas[0][name].length).fill(0);
    for (const { [name]: values } of areas) {
      for (let i = 0; i < sums.length; i++) sums[i] += values[i];
    }
    return sums;
  };
  return { intersect: total("intersect"), label: total("label"), predicted: total("predicted") };
}

function unionShares({ intersect, label, predicted }: Total): (number | null)[] {
  return intersect.map((both, i) => share(both, label[i] + predicted[i] - both));
}

function labelShares({ intersect, label }: Total): (number | null)[] {
  return intersect.map((both, i) => share(both, label[i]));
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : 100 * part / whole;
}

function meanOfKnown(values: readonly (number | null)[]): number {
  const known = values.filter((value) => value !== null);
  return sum(known) / known.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
