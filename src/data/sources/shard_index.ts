/**
 * Keeps what reading a large shard told, so that its members are walked once.
 *
 * @module
 */
import { resolve } from "@std/path";
import { cachePath, SETTLED } from "./cache.ts";
import { readColumns, writeColumns } from "./index_file.ts";
import { type LeftOut, LeftOutAccount } from "./left_out.ts";
import type { NameList } from "./name_list.ts";
import { type NumberColumn, numberColumn } from "../../files/number_column.ts";
import type { TextColumn } from "./text_column.ts";

/** Bytes from which on the list of a shard's images is kept: smaller ones are walked in a blink. */
const LARGE = 2 ** 20;
/** To be raised where the same shard gives another list than before. */
const VERSION = 6;

/** The images of a shard, in columns. */
export interface ShardImages {
  /** Their names in the source. */
  readonly names: NameList;
  /** Where they lie, by what the numbers are. */
  readonly places: Readonly<Record<string, ArrayLike<number>>>;
  /** Their classes as they are written there. */
  readonly labels: TextColumn;
  /** Their scores, NaN where none is there; absent where none was asked for. */
  readonly scores?: ArrayLike<number>;
}

/** The same, where the numbers take little memory. */
interface KeptImages extends ShardImages {
  readonly places: Readonly<Record<string, NumberColumn>>;
}

/** What a shard was like, and what is kept of it besides columns. */
interface Head {
  readonly size: number;
  readonly changed: number;
  readonly texts: readonly (string | null)[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Reads the list of a shard's images. That of a large shard is kept in the cache, and taken from there as long as the file
 * has the same size and time of change.
 *
 * @param path The shard.
 * @param asked What the list depends on beside the file, as JSON tells it.
 * @param leftOut Takes what the shard does not give.
 * @param read Reads the list.
 * @param options Bytes from which on it is kept. Default: 1 MiB.
 * @throws {Error} If it cannot be read.
 */
export async function indexShard(
  path: string,
  asked: unknown,
  leftOut: LeftOutAccount,
  read: (leftOut: LeftOutAccount) => ShardImages | Promise<ShardImages>,
  { large = LARGE }: { large?: number } = {},
): Promise<KeptImages> {
  const started = Date.now();
  const state = stateOf(path);
  const index = state.size >= large ? indexPath(path, asked) : undefined;
  const kept = index && readIndex(index, state, leftOut);
  if (kept) return kept;
  const own = new LeftOutAccount();
  const images = compacted(await read(own));
  leftOut.addAll(own.list());
  const isSettled = state.changed <= started - SETTLED && isSame(stateOf(path), state);
  if (index !== undefined && isSettled) writeIndex(index, state, images, own.list());
  return images;
}

/** What tells that a file has changed. */
type State = Pick<Head, "size" | "changed">;

function stateOf(path: string): State {
  try {
    const { size, mtime } = Deno.statSync(path);
    return { size, changed: mtime?.getTime() ?? Infinity };
  } catch {
    return { size: 0, changed: Infinity }; // gone, which reading tells
  }
}

function isSame(a: State, b: State): boolean {
  return a.size === b.size && a.changed === b.changed;
}

/** Where the list of a shard is kept, or undefined where there can be no cache. */
function indexPath(path: string, asked: unknown): string | undefined {
  try {
    return cachePath("indexes", [VERSION, resolve(path), asked], ".columns");
  } catch {
    return undefined;
  }
}

function compacted({ places, labels, scores, ...images }: ShardImages): KeptImages {
  const columns = Object.entries(places).map(([name, column]) => [name, numberColumn(column)]);
  return {
    ...images,
    places: Object.fromEntries(columns),
    labels: { ...labels, numbers: numberColumn(labels.numbers) },
    ...scores && { scores: numberColumn(scores) },
  };
}

function readIndex(index: string, state: State, leftOut: LeftOutAccount): KeptImages | undefined {
  try {
    const kept = readColumns<Head>(index, (head) => isSame(head, state));
    if (kept === undefined) return undefined;
    const { head, names: { names }, numbers: { labels, scores, ...places } } = kept;
    const texts = head.texts.map((text) => text ?? undefined);
    leftOut.addAll(head.leftOut);
    return { names, places, labels: { texts, numbers: labels }, ...scores && { scores } };
  } catch {
    return undefined; // none, or damaged
  }
}

function writeIndex(
  index: string,
  state: State,
  { names, places, labels: { texts, numbers }, scores }: KeptImages,
  leftOut: readonly LeftOut[],
): void {
  try {
    const head: Head = { ...state, texts: texts.map((text) => text ?? null), leftOut };
    const columns = { ...places, labels: numbers, ...scores && { scores } };
    writeColumns(index, { head, numbers: columns, names: { names } });
  } catch {
    // The shard is read again next time.
  }
}
