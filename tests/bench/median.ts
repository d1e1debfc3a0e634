/** The middle one of some measurements: of an even number, the larger of two. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

/** The least and the most of some measurements, in words. */
export function spreadOf(numbers: readonly number[]): string {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return `${Number(least.toPrecision(3))} to ${Number(most.toPrecision(3))}`;
}
