/**
 * Lists of image files: text, CSV, TSV, JSON lines and JSON.
 *
 * @module
 */
import { dirname, isAbsolute, join } from "@std/path";
import { LeftOutAccount } from "./left_out.ts";
import { ListText } from "./list_text.ts";
import type { Listing } from "./listing.ts";
import { endingOf } from "./names.ts";
import { NameList } from "./name_list.ts";
import { readRows } from "./rows.ts";
import type { FilePart } from "./sample.ts";
import type { SampleTable } from "./sample_table.ts";
import { TextCollector } from "./text_column.ts";
import { type ListingWatch, PAUSE, pauseListing } from "./walk.ts";

/** Names of files that are lists of images. */
export const LIST_ENDINGS: ReadonlySet<string> = new Set([
  ".txt",
  ".csv",
  ".tsv",
  ".jsonl",
  ".ndjson",
  ".json",
]);

/** Options of {@linkcode readList}. */
interface ListOptions extends ListingWatch {
  /** The column or key that holds the class. Default: one that is called label, class, category or the like. */
  label?: string;
  /** The column or key that holds a score. Default: none. */
  score?: string;
}

/**
 * Reads a list of images with or without their classes. Paths are relative to the list, and may be absolute.
 *
 * @param path The list. A `.txt` has a path on each line, and its class behind a tab, comma or blank. In the others the
 *   column of paths is called `path`, `file_name`, `image` or the like.
 * @param options What its columns are called.
 * @throws {Error} If it cannot be read, has no column of paths, or names no file that is there.
 */
export async function readList(path: string, options: ListOptions = {}): Promise<Listing> {
  const leftOut = new LeftOutAccount();
  const folder = dirname(path);
  const names = new NameList(), labels = new TextCollector();
  const scores: number[] | undefined = options.score === undefined ? undefined : [];
  const rewritten = new Map<number, string>(), missing = new LeftOutAccount();
  const rows = readRows(new ListText(path), endingOf(path), { path, leftOut, ...options });
  let seen = 0;
  for (const row of rows) {
    if (seen % PAUSE === 0) await pauseListing(seen, options);
    seen++;
    const name = findName(folder, row.path, leftOut);
    if (name === undefined) {
      missing.add("no such file", row.path);
      continue;
    }
    if (name !== row.path) rewritten.set(names.length, name);
    names.push(row.path);
    labels.push(row.label);
    scores?.push(row.score ?? NaN);
  }
  leftOut.addAll(missing.list()); // as the last
  const samples = new ListedFiles(folder, names.length, rewritten);
  if (names.length > 0) return { root: path, parts: [{ names, samples, labels, scores }], leftOut };
  const [none] = missing.list();
  throw new Error(
    `Cannot find images in the list ${path}: ${
      none === undefined
        ? "it names none"
        : `none of its ${none.count} files is there, such as ${join(folder, none.examples[0])}; ` +
          "paths are taken from the folder of the list"
    }`,
  );
}

/** The files that a list names. */
class ListedFiles implements SampleTable {
  readonly length: number;
  readonly #folder: string;
  readonly #rewritten: ReadonlyMap<number, string>;

  /** @param rewritten Names that are written otherwise than in the list, by index. */
  constructor(folder: string, length: number, rewritten: ReadonlyMap<number, string>) {
    this.length = length;
    this.#folder = folder;
    this.#rewritten = rewritten;
  }

  at(index: number, name: string): FilePart | undefined {
    if (index >= this.length) return undefined;
    return { path: pathOf(this.#folder, this.#rewritten.get(index) ?? name) };
  }
}

function pathOf(folder: string, name: string): string {
  return isAbsolute(name) ? name : join(folder, name);
}

/** The name of a file of the list that is there, as it is written or as it may be meant. */
function findName(folder: string, path: string, leftOut: LeftOutAccount): string | undefined {
  for (const [change, how] of READINGS) {
    const name = change(path);
    if (how !== undefined && name === path) continue;
    try {
      Deno.lstatSync(pathOf(folder, name));
    } catch {
      continue;
    }
    if (how !== undefined) leftOut.add(how, path, "changed");
    return name;
  }
}

/** What a path may be meant as, and how that is told. macOS takes letters and their accents apart. */
const READINGS: readonly (readonly [change: (path: string) => string, how?: string])[] = [
  [(path) => path],
  [(path) => path.replaceAll("\\", "/"), "with / for \\"],
  [(path) => path.trim(), "without the blanks around it"],
  [(path) => path.normalize("NFC"), "with accents put together, as its file has them"],
  [(path) => path.normalize("NFD"), "with accents taken apart, as its file has them"],
];
