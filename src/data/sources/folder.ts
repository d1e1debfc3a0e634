/**
 * Finds the images of a folder.
 *
 * @module
 */
import { DetailedError } from "../../files/detailed_error.ts";
import type { ImageFolder } from "../folder.ts";
import { NO_LABEL, type NumberedClasses } from "./labels.ts";
import { describeLeftOut } from "./left_out.ts";
import { imageEndings } from "./names.ts";
import { indexFolder } from "./folder_index.ts";
import { splitOf } from "./splits.ts";
import type { FolderFiles, ListingWatch } from "./walk.ts";

/** Options of {@linkcode scanImageFolder}. */
export interface ScanOptions extends ListingWatch {
  /** Channels of the images: where they are not 3, files of `numpy.save` are images too. Default: 3. */
  channels?: number;
}

/**
 * Lists the images of a folder and of every folder in it.
 *
 * Where two or more first-level folders hold images (`CLASS/…/image.jpg`), these are taken for classes, as in ImageNet's
 * tree; images beside them have none. Where they are the splits of a data set, for training and for something else, the
 * folders in them are taken (`SPLIT/CLASS/…/image.jpg`). Hidden files are left out. Links are followed, but for one to a folder above itself.
 *
 * @throws {Error} If the folder is missing, cannot be read or holds no images.
 */
export async function scanImageFolder(
  root: string,
  { channels = 3, ...watch }: ScanOptions = {},
): Promise<ImageFolder> {
  const endings = imageEndings(channels);
  const files = await indexFolder(root, endings, watch);
  if (files.paths.length === 0) throw nothingIn(root, files, endings);
  return imageTree(root, files);
}

/** The images of a folder that was walked, with the classes that {@linkcode scanImageFolder} finds. */
export function imageTree(root: string, { paths, topFolders, leftOut }: FolderFiles): ImageFolder {
  const known = foldersAt(0, paths);
  const numbered = readClasses(paths, areSplits(known) ? 1 : 0);
  for (const name of numbered.classes ? topFolders.filter((name) => !known.has(name)) : []) {
    leftOut.add("a folder beside the classes that holds no image", name);
  }
  return { root, paths, ...numbered, leftOut: leftOut.list() };
}

/**
 * Lists the files of a folder, and of every folder in it, that have one of some endings, as {@linkcode scanImageFolder}
 * does.
 *
 * @returns Their paths relative to the folder, sorted by code units.
 * @throws {Error} If the folder is missing, cannot be read or holds no such file.
 */
export async function listFiles(root: string, endings: ReadonlySet<string>): Promise<string[]> {
  const files = await indexFolder(root, endings);
  if (files.paths.length === 0) throw nothingIn(root, files, endings);
  return files.paths;
}

/** Whether folders are no classes but the parts of a data set. */
function areSplits(folders: ReadonlySet<string>): boolean {
  const splits = new Set(Array.from(folders, splitOf));
  return splits.size > 1 && splits.has("train") && !splits.has(undefined);
}

function readClasses(paths: readonly string[], level: number): NumberedClasses {
  const found = foldersAt(level, paths);
  if (found.size < 2) return {};
  const classes = [...found].sort();
  const numbers = new Map(classes.map((name, number) => [name, number]));
  const labels = new Uint32Array(paths.length);
  forEachFolder(
    level,
    paths,
    (name, begin, end) => labels.fill(numbers.get(name) ?? NO_LABEL, begin, end),
  );
  return { classes, labels };
}

/** The names of the folders that hold files at a level, 0 for the first. */
function foldersAt(level: number, paths: readonly string[]): Set<string> {
  const found = new Set<string>();
  forEachFolder(level, paths, (name) => found.add(name));
  found.delete("");
  return found;
}

/** Calls back for each run of paths in one folder of a level, "" for those in none. */
function forEachFolder(
  level: number,
  paths: readonly string[],
  found: (name: string, begin: number, end: number) => void,
): void {
  for (let begin = 0, end = 0; begin < paths.length; begin = end) {
    const prefix = prefixOf(paths[begin], level);
    const isInside = (path: string) =>
      prefix === "" ? prefixOf(path, level) === "" : path.startsWith(prefix);
    for (end = begin + 1; end < paths.length && isInside(paths[end]);) end++;
    found(prefix.split("/").at(-2) ?? "", begin, end);
  }
}

/** A path up to its folder of a level and the slash behind it, or "" where it is in none. */
function prefixOf(path: string, level: number): string {
  let end = 0;
  for (let i = 0; i <= level; i++) {
    end = path.indexOf("/", end) + 1;
    if (end === 0) return "";
  }
  return path.slice(0, end);
}

/** The error of a folder that holds none of the files wanted. */
export function nothingIn(
  root: string,
  { leftOut }: FolderFiles,
  endings: ReadonlySet<string>,
): Error {
  const groups = leftOut.list();
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  const held = count === 0
    ? "the folder is empty"
    : `none of its ${count} files ends in ${[...endings].join(", ")}`;
  const reasons = groups.filter(({ kind }) => kind !== "expected").map(describeLeftOut);
  return new DetailedError([`Cannot find images in ${root}: ${held}`, ...reasons]);
}
