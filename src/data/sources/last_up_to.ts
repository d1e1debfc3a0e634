/** The last of some ascending numbers that is not above one; of equal ones the last; 0 where all are above. */
export function lastUpTo(numbers: ArrayLike<number>, most: number): number {
  let low = 0, high = numbers.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (numbers[middle] <= most) low = middle;
    else high = middle;
  }
  return low;
}
