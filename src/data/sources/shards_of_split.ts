/**
 * Chooses among shards by the splits that their names tell.
 *
 * @module
 */
import type { LeftOutAccount } from "./left_out.ts";
import { type Split, splitInPath } from "./splits.ts";

/** Shards, and those that are of another split. */
interface ChosenShards {
  readonly chosen: readonly string[];
  readonly others: readonly string[];
  /** Whether their names tell the split. */
  readonly areNamed: boolean;
}

/**
 * The shards of a split, where names tell splits: without one asked for, those for training.
 *
 * @param shards Their paths, below the folder of the data set.
 * @param asked The split that is asked for.
 * @param source What the data set is called, and whether its shards may hold splits themselves, whatever they are called.
 * @throws {Error} If names do not tell the split that is asked for.
 */
export function shardsOfSplit(
  shards: readonly string[],
  asked: Split | undefined,
  { name, holdSplits = false }: { name: string; holdSplits?: boolean },
): ChosenShards {
  const splits = new Set(shards.map(splitInPath));
  const split = asked ?? (splits.has("train") ? "train" : undefined);
  if (split === undefined) return { chosen: shards, others: [], areNamed: false };
  const chosen = shards.filter((path) => splitInPath(path) === split);
  if (chosen.length > 0) {
    const others = shards.filter((path) => splitInPath(path) !== split);
    return { chosen, others, areNamed: true };
  }
  if (holdSplits) return { chosen: shards, others: [], areNamed: false };
  const known = [...splits].filter((one) => one !== undefined);
  throw new Error(
    `Cannot find the split ${split} in ${name}: ${
      known.length === 0 ? "its shards' names contain none" : `it has ${known.join(", ")}`
    }`,
  );
}

/** Tells which shards are of other splits, and how to choose these. */
export function tellOthers(others: readonly string[], leftOut: LeftOutAccount): void {
  for (const path of others) {
    const other = splitInPath(path);
    const reason = other === undefined
      ? "its name contains no split"
      : `of the split ${other}, which :split=${other} selects`;
    leftOut.add(reason, path);
  }
}
