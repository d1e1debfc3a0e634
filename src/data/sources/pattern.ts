/**
 * Sources as people write them: a path, several by a pattern, and the split of a dataset behind them.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import { type Split, splitOf } from "./splits.ts";

/** A source and its split. */
interface NamedSource {
  /** A path or a pattern. */
  readonly path: string;
  /** The part. Default: what is for training, or everything. */
  readonly split?: Split;
}

/**
 * Splits a source into path and split, as in `data/birds:split=validation`.
 *
 * @throws {TypeError} If the split is none of train, validation and test.
 */
export function parseSource(source: string): NamedSource {
  const match = /^(.+):split=([^:]+)$/.exec(source);
  if (match === null) return { path: source };
  const split = splitOf(match[2]);
  if (split !== undefined) return { path: match[1], split };
  throw new TypeError(`Cannot read ${source}: its split may be train, validation or test`);
}

/** Whether a path stands for several: `{00..12}`, `{a,b}` or `*` in the name of the file. */
export function isPattern(path: string): boolean {
  return /\{[^{}]*(,|\.\.)[^{}]*\}|\*/.test(path);
}

/**
 * The paths that a pattern stands for. Those in braces are named whether they are there or not.
 *
 * @throws {Error} If it asks for more than a million, or for `*` in the name of a folder.
 */
export function expandPattern(pattern: string): string[] {
  return expandBraces(pattern).flatMap((path) => path.includes("*") ? matching(path) : [path]);
}

const MOST_PATHS = 1_000_000;

function expandBraces(pattern: string): string[] {
  const match = /\{([^{}]*(?:,|\.\.)[^{}]*)\}/.exec(pattern);
  if (match === null) return [pattern];
  const [whole, inner] = match;
  const head = pattern.slice(0, match.index);
  const tails = expandBraces(pattern.slice(match.index + whole.length));
  const choices = numbersOf(inner) ?? inner.split(",");
  if (choices.length * tails.length > MOST_PATHS) {
    throw new Error(`Cannot read ${pattern}: it expands to more than ${MOST_PATHS} files`);
  }
  return choices.flatMap((choice) => tails.map((tail) => head + choice + tail));
}

/** The numbers from the first to the last, as many digits long as they are written. */
function numbersOf(range: string): string[] | undefined {
  const match = /^(\d+)\.\.(\d+)$/.exec(range);
  if (match === null) return undefined;
  const [first, last] = [Number(match[1]), Number(match[2])];
  const count = Math.min(MOST_PATHS + 1, Math.max(0, last - first + 1));
  return Array.from({ length: count }, (_, i) => String(first + i).padStart(match[1].length, "0"));
}

function matching(path: string): string[] {
  const folder = dirname(path);
  if (folder.includes("*")) {
    throw new Error(`Cannot read ${path}: a * is only possible in the last name`);
  }
  const words = (basename(path) as string).split("*").map((word) =>
    word.replace(/[.+^${}()|[\]\\?]/g, "\\$&")
  );
  const pattern = new RegExp(`^${words.join(".*")}$`);
  return namesOf(folder).filter((name) => pattern.test(name)).sort().map((name) =>
    join(folder, name)
  );
}

/** All names in a folder; none where there is no such folder, which shows as nothing that fits. */
function namesOf(folder: string): string[] {
  try {
    return Array.from(Deno.readDirSync(folder), ({ name }) => name);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory) {
      return [];
    }
    throw new Error(`Cannot read the folder ${folder}: ${(cause as Error).message}`, { cause });
  }
}
