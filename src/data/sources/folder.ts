/**
 * Finds the images of a folder.
 *
 * @module
 */
import type { ImageFolder } from "../folder.ts";
import { NO_LABEL, type NumberedClasses } from "./labels.ts";
import { describeLeftOut } from "./left_out.ts";
import { imageEndings } from "./names.ts";
import { type FolderFiles, walkFolder } from "./walk.ts";

/** Options of {@linkcode scanImageFolder}. */
export interface ScanOptions {
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
  { channels = 3 }: ScanOptions = {},
): Promise<ImageFolder> {
  const endings = imageEndings(channels);
  const files = await walkFolder(root, endings);
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
  const files = await walkFolder(root, endings);
  if (files.paths.length === 0) throw nothingIn(root, files, endings);
  return files.paths;
}

function readClasses(paths: readonly string[]): NumberedClasses {
  const names = paths.map((path) => path.slice(0, Math.max(0, path.indexOf("/"))));
  const classes = [...new Set(names)].filter((name) => name !== "").sort();
  if (classes.length < 2) return {};
  const numbers = new Map(classes.map((name, number) => [name, number]));
  return { classes, labels: Uint32Array.from(names, (name) => numbers.get(name) ?? NO_LABEL) };
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
  return new Error([`Cannot find images in ${root}: ${held}`, ...reasons].join("\n"));
}
