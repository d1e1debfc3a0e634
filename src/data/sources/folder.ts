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
 * tree; images beside them have none. Hidden files are left out. Links are followed, but for one to a folder above itself.
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

/** The images of a folder that was walked, where the first-level folders that hold some are their classes. */
export function imageTree(root: string, { paths, topFolders, leftOut }: FolderFiles): ImageFolder {
  const numbered = readClasses(paths);
  const known = new Set(numbered.classes);
  for (const name of known.size === 0 ? [] : topFolders.filter((name) => !known.has(name))) {
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

function readClasses(paths: readonly string[]): NumberedClasses {
  const found = new Set<string>();
  forEachFolder(paths, (name) => found.add(name));
  found.delete("");
  if (found.size < 2) return {};
  const classes = [...found].sort();
  const numbers = new Map(classes.map((name, number) => [name, number]));
  const labels = new Uint32Array(paths.length);
  forEachFolder(
    paths,
    (name, begin, end) => labels.fill(numbers.get(name) ?? NO_LABEL, begin, end),
  );
  return { classes, labels };
}

/** Calls back for each run of paths in one first-level folder, "" for those in none. */
function forEachFolder(
  paths: readonly string[],
  found: (name: string, begin: number, end: number) => void,
): void {
  for (let begin = 0, end = 0; begin < paths.length; begin = end) {
    const prefix = paths[begin].slice(0, paths[begin].indexOf("/") + 1);
    const isInside = (path: string) =>
      prefix === "" ? !path.includes("/") : path.startsWith(prefix);
    for (end = begin + 1; end < paths.length && isInside(paths[end]);) end++;
    found(prefix.slice(0, -1), begin, end);
  }
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
