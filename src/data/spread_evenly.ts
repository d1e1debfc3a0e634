/**
 * Some indices of many at even distances, from the first to near the end.
 *
 * @param length How many there are.
 * @param most How many are wanted at most.
 */
export function spreadEvenly(length: number, most: number): number[] {
  const count = Math.min(most, length);
  return Array.from({ length: count }, (_, i) => Math.floor(i * length / count));
}
