/**
 * What is known about every pixel of an image: its class or its depth.
 *
 * @module
 */

/** The label of pixels that count for nothing. */
export const IGNORED = 255;

/** Masks: every pixel has the number of its class, or 255 where it is ignored. */
export interface LabelTargets {
  /** That they are masks. */
  readonly kind: "labels";
  /** Classes are numbered from 0 to one less than this, at most 255 of them. */
  readonly numClasses: number;
  /** Whether 0 in the file means no class and 1 the first, as in ADE20K. */
  readonly reduceZeroLabel: boolean;
}

/** Depth maps: every pixel has its depth, or 0 (also NaN and infinity) where it is not known. */
export interface DepthTargets {
  /** That they are depth maps. */
  readonly kind: "depth";
  /** What whole numbers are divided by to give metres: 1000 for millimetres. Fractions are metres already. */
  readonly scale: number;
}

/** What the files beside the images hold. */
export type TargetKind = LabelTargets | DepthTargets;

/** Bytes for classes, float32 for metres. */
export type TargetValues = Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
