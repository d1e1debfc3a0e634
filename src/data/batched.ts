/**
 * Gathers images of a stream into batches.
 *
 * @param items What comes.
 * @param size How many make a batch.
 * @returns Batches in order; the last one may be smaller.
 * @throws {RangeError} If the size is not a whole number from 1.
 */
export async function* batched<T>(
  items: AsyncIterable<T> | Iterable<T>,
  size: number,
): AsyncGenerator<T[], void> {
  if (!Number.isInteger(size) || size < 1) {
    throw new RangeError(`Cannot make batches of ${size}: give a whole number from 1`);
  }
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
