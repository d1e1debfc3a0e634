/** Half the width of the filter in pixels, where nothing shrinks. */
export const SUPPORT = 2;
const A = -0.5;

/** Some of the pixels along a side. */
export interface Span {
  /** The first. */
  readonly start: number;
  /** How many. */
  readonly length: number;
}

/**
 * What each pixel of a result takes from each pixel of a side when spans of it are resized by Pillow's `BICUBIC`, whose
 * filter widens where a span shrinks and ends where the span does.
 *
 * Source: `src/libImaging/Resample.c` of Pillow.
 *
 * @param spans What is resized, within the side.
 * @param side Pixels of the whole side.
 * @param size Pixels of each result.
 * @returns `[spans, size, side]`; each row sums to 1.
 */
export function bicubicWeights(
  spans: readonly Span[],
  side: number,
  size: number,
): Float32Array<ArrayBuffer> {
  const weights = new Float32Array(spans.length * size * side);
  spans.forEach(({ start, length }, span) => {
    const scale = length / size;
    const filterScale = Math.max(1, scale);
    const support = SUPPORT * filterScale;
    for (let to = 0; to < size; to++) {
      const center = (to + 0.5) * scale;
      const first = Math.max(0, Math.floor(center - support + 0.5));
      const end = Math.min(length, Math.floor(center + support + 0.5));
      const row = (span * size + to) * side + start;
      let sum = 0;
      for (let from = first; from < end; from++) {
        sum += weights[row + from] = bicubic((from + 0.5 - center) / filterScale);
      }
      for (let from = first; from < end; from++) weights[row + from] /= sum;
    }
  });
  return weights;
}

/** Catmull-Rom's filter at a distance from its centre, as in Pillow. */
export function bicubic(x: number): number {
  const far = Math.abs(x);
  if (far < 1) return ((A + 2) * far - (A + 3)) * far * far + 1;
  if (far < 2) return (((far - 5) * far + 8) * far - 4) * A;
  return 0;
}
