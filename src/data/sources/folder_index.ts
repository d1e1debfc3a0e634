/**
 * Keeps the list of a large folder's files, so that it is walked once.
 *
 * @module
 */
import { join } from "@std/path";
import { writeAll, writeAtomically } from "../../files/atomic_file.ts";
import { cachePath, SETTLED } from "./cache.ts";
import { type LeftOut, LeftOutAccount } from "./left_out.ts";
import { type FolderFiles, type ListingWatch, type WalkedFolder, walkFolder } from "./walk.ts";

/** Files from which on a list is kept: fewer are walked in a blink. */
const LARGE = 50_000;
/** Ends each part of an index: no name holds it. */
const END = "\0";

/** What stands before the names. */
interface IndexHead {
  /** Every folder with the time of its last change. */
  readonly folders: readonly (readonly [path: string, changed: number])[];
  readonly topFolders: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Lists the files of a folder as {@linkcode walkFolder} does. The list of a large folder is kept in the cache, and taken
 * from there as long as no folder in it has changed, which adding, removing or renaming a file does.
 *
 * @param root The folder.
 * @param endings Endings of the files' names.
 * @param options Files from which on the list is kept, by default 50,000, and how to watch the walk.
 * @throws {Error} If the folder is missing or cannot be read.
 */
export async function indexFolder(
  root: string,
  endings: ReadonlySet<string>,
  { large = LARGE, ...watch }: { large?: number } & ListingWatch = {},
): Promise<FolderFiles> {
  const index = indexPath(root, endings);
  const kept = index && readIndex(index, root);
  if (kept) return kept;
  const started = Date.now();
  const files = await walkFolder(root, endings, watch);
  if (index !== undefined && files.paths.length >= large) writeIndex(index, root, files, started);
  return files;
}

/** Where the list of a folder is kept, or undefined where that cannot be. */
function indexPath(root: string, endings: ReadonlySet<string>): string | undefined {
  try {
    return cachePath("indexes", [Deno.realPathSync(root), [...endings]], ".index");
  } catch {
    return undefined; // no such folder, which walking tells, or no cache
  }
}

function readIndex(index: string, root: string): FolderFiles | undefined {
  try {
    const text = new TextDecoder().decode(Deno.readFileSync(index));
    const end = text.indexOf(END);
    const head: IndexHead = JSON.parse(text.slice(0, end));
    for (const [folder, changed] of head.folders) {
      if (Deno.statSync(join(root, folder)).mtime?.getTime() !== changed) return undefined;
    }
    const paths = text.slice(end + 1).split(END);
    return { paths, topFolders: head.topFolders, leftOut: new LeftOutAccount(head.leftOut) };
  } catch {
    return undefined; // none, half of one, or a folder is gone
  }
}

/** Keeps a list, unless a folder has changed too lately to tell by its time whether it changes again. */
function writeIndex(
  index: string,
  root: string,
  { folders, paths, topFolders, leftOut }: WalkedFolder,
  started: number,
): void {
  try {
    const times = folders.map((folder) => {
      return [folder, Deno.statSync(join(root, folder)).mtime?.getTime() ?? Infinity] as const;
    });
    if (times.some(([, changed]) => changed > started - SETTLED)) return;
    const head: IndexHead = { folders: times, topFolders, leftOut: leftOut.list() };
    writeAtomically(index, (file) => {
      const encoder = new TextEncoder();
      writeAll(file, encoder.encode(JSON.stringify(head)));
      for (let begin = 0; begin < paths.length; begin += LARGE) {
        const part = paths.slice(begin, begin + LARGE);
        writeAll(file, encoder.encode(END + part.join(END)));
      }
    });
  } catch {
    // The list is walked again next time.
  }
}
