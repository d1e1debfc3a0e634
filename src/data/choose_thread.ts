/** A thread as far as it matters who gets the next image. */
export interface ThreadLoad {
  /** What it has been given and has not done. */
  readonly tasks: readonly unknown[];
  /** The groups of images that it was given some of, and has unpacked. */
  readonly groups: ReadonlySet<string>;
}

/** Images that a thread may have in hand before another one unpacks the same group. */
const SLACK = 8;

/**
 * The thread that gets the next image: the one with the least to do; but of images that are unpacked together, one that has
 * unpacked them, unless it has twice as much to do as another.
 *
 * @param threads All threads.
 * @param group What the image is unpacked with. Default: it is read alone.
 */
export function chooseThread<T extends ThreadLoad>(threads: readonly T[], group?: string): T {
  const idlest = leastBusy(threads);
  const knowing = group === undefined ? [] : threads.filter(({ groups }) => groups.has(group));
  if (knowing.length === 0) return idlest;
  const chosen = leastBusy(knowing);
  return chosen.tasks.length <= 2 * idlest.tasks.length + SLACK ? chosen : idlest;
}

function leastBusy<T extends ThreadLoad>(threads: readonly T[]): T {
  return threads.reduce((a, b) => b.tasks.length < a.tasks.length ? b : a);
}
