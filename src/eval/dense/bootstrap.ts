import { Stream } from "../../random/stream.ts";

const DRAWS = 1000;

/**
 * The 95 % intervals of numbers that are computed from a set of images: what lies between the 2.5th and 97.5th
 * percentiles of 1000 random draws of as many images with replacement. The draws are the same each time.
 *
 * Source: Efron 1979; Efron and Tibshirani 1993, chapter 13.
 *
 * @param count Number of images.
 * @param statistics The numbers for a draw of images by their indices. NaN is left out.
 * @returns An interval for each of the numbers.
 */
export function bootstrapIntervals(
  count: number,
  statistics: (draw: readonly number[]) => readonly number[],
): [low: number, high: number][] {
  const stream = new Stream(0, "bootstrap", count);
  const draws = Array.from({ length: DRAWS }, () => {
    const draw = Array.from({ length: count }, () => stream.integer(0, count - 1));
    return statistics(draw);
  });
  return draws[0].map((_, place) => {
    const values = draws.map((numbers) => numbers[place]).filter((value) => !Number.isNaN(value))
      .sort((a, b) => a - b);
    const at = (share: number) => values[Math.round(share * (values.length - 1))];
    return [at(0.025), at(0.975)];
  });
}
