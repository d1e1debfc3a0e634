/**
 * Keeps the list of a large folder's files, so that it is walked once.
 *
 * @module
 */
import { cachePath, SETTLED } from "./cache.ts";
import { readColumns, writeColumns } from "./index_file.ts";
import { type LeftOut, LeftOutAccount } from "./left_out.ts";
import { NameList } from "./name_list.ts";
import { type FolderFiles, type ListingWatch, type WalkedFolder, walkFolder } from "./walk.ts";

/** Files from which on a list is kept: fewer are walked in a blink. */
const LARGE = 50_000;
/** To be raised where the same folder gives another list than before. */
const VERSION = 1;

/** What is kept besides the files' paths. */
interface Head {
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
    return cachePath("indexes", [VERSION, Deno.realPathSync(root), [...endings]], ".columns");
  } catch {
    return undefined; // no such folder, which walking tells, or no cache
  }
}

function readIndex(index: string, root: string): FolderFiles | undefined {
  try {
    const isSame = ({ folders }: Head) =>
      folders.every(([folder, changed]) => timeOf(root, folder) === changed);
    const kept = readColumns(index, isSame);
    if (kept === undefined) return undefined;
    const { names: { paths }, head: { topFolders, leftOut } } = kept;
    return { paths: paths.all(), topFolders, leftOut: new LeftOutAccount(leftOut) };
  } catch {
    return undefined; // none, half of one, or a folder is gone
  }
}

/** When a folder in the first one was changed. */
function timeOf(root: string, folder: string): number | undefined {
  return Deno.statSync(`${root}/${folder}`).mtime?.getTime();
}

/** Keeps a list, unless a folder has changed too lately to tell by its time whether it changes again. */
function writeIndex(
  index: string,
  root: string,
  { folders, paths, topFolders, leftOut }: WalkedFolder,
  started: number,
): void {
  try {
    const times = folders.map((folder) => [folder, timeOf(root, folder) ?? Infinity] as const);
    if (times.some(([, changed]) => changed > started - SETTLED)) return;
    const head: Head = { folders: times, topFolders, leftOut: leftOut.list() };
    writeColumns(index, { head, numbers: {}, names: { paths: new NameList(paths) } });
  } catch {
    // The list is walked again next time.
  }
}
