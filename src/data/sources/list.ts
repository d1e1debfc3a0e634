/**
 * Lists of image files: text, CSV, TSV, JSON lines and JSON.
 *
 * @module
 */
import { dirname, isAbsolute, join } from "@std/path";
import { LeftOutAccount } from "./left_out.ts";
import type { ListedImage, Listing } from "./listing.ts";
import { endingOf } from "./names.ts";
import { readRows, type Row } from "./rows.ts";
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
  const images: ListedImage[] = [];
  const missing: string[] = [];
  const rows = readRows(await readText(path), endingOf(path), { path, leftOut, ...options });
  const labels = new Map<string, string>(); // each kept once
  let seen = 0;
  for (const row of rows) {
    if (seen % PAUSE === 0) await pauseListing(seen, options);
    seen++;
    const file = findFile(folder, row.path, leftOut);
    if (file === undefined) missing.push(row.path);
    else images.push(listed(row, file, labels));
  }
  for (const name of missing) leftOut.add("no such file", name);
  if (images.length > 0) return { root: path, images, leftOut };
  const example = missing[0] && join(folder, missing[0]);
  throw new Error(
    `Cannot find images in the list ${path}: ${
      example === undefined
        ? "it names none"
        : `none of its ${missing.length} files is there, such as ${example}; ` +
          "paths are taken from the folder of the list"
    }`,
  );
}

function listed(
  { path, label, score }: Row,
  file: string,
  labels: Map<string, string>,
): ListedImage {
  if (label !== undefined && !labels.has(label)) labels.set(label, label);
  return { name: path, sample: { path: file }, label: label && labels.get(label), score };
}

/** Where a file of the list lies, as it is written or as it may be meant. */
function findFile(folder: string, path: string, leftOut: LeftOutAccount): string | undefined {
  for (const [change, how] of READINGS) {
    const name = change(path);
    if (how !== undefined && name === path) continue;
    const file = isAbsolute(name) ? name : join(folder, name);
    try {
      Deno.lstatSync(file);
    } catch {
      continue;
    }
    if (how !== undefined) leftOut.add(how, path, "changed");
    return file;
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

async function readText(path: string): Promise<string> {
  const bytes = await Deno.readFile(path);
  const mark = [...bytes.subarray(0, 2)].map((byte) => byte.toString(16)).join("");
  const encoding = mark === "fffe" ? "utf-16le" : mark === "feff" ? "utf-16be" : "utf-8";
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Error(`Cannot read the list ${path}: it is not ${encoding}, save it as UTF-8`, {
      cause,
    });
  }
  if (!text.includes("\0")) return text;
  throw new Error(
    `Cannot read the list ${path}: it holds zero bytes, as UTF-16 without its mark does. Save it as UTF-8`,
  );
}
