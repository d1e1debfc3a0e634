/**
 * Finds the images in a folder.
 *
 * @module
 */
import { extname, join } from "@std/path";
import type { SampleLocator } from "./sources/sample.ts";
import type { TargetKind } from "./target.ts";

/** The images of a folder, or of another source, in a fixed order. */
export interface ImageFolder {
  /** The folder, or what else the source is called. */
  readonly root: string;
  /** The images' names: files relative to the root, sorted by their path's code units, or members of shards. */
  readonly paths: readonly string[];
  /** Where each image lies, by its index. Default: in the file of its path. */
  readonly locator?: (index: number) => SampleLocator;
  /** Class names, sorted; absent where the folder tells no classes. */
  readonly classes?: readonly string[];
  /** For each path, the index of its class; absent where the folder tells no classes. */
  readonly labels?: Uint32Array<ArrayBuffer>;
  /** What is known about the images' pixels; absent where the folder tells nothing about them. */
  readonly targets?: FolderTargets;
}

/** Where the bytes of an image of a folder lie. */
export function locate({ root, paths, locator }: ImageFolder, index: number): SampleLocator {
  return locator?.(index) ?? { path: `${root}/${paths[index]}` };
}

/** The masks or depth maps of a folder's images. */
export interface FolderTargets {
  /** For each image, the file with what is known about its pixels, relative to the root. */
  readonly paths: readonly string[];
  /** What these files hold. */
  readonly kind: TargetKind;
}

/** The training and validation parts of a folder. */
export interface DatasetSplits {
  /** The folder of training images. */
  readonly train: string;
  /** The folder of validation images, if there is one. */
  readonly val?: string;
}

/** Options of {@linkcode scanImageFolder}. */
export interface ScanOptions {
  /** Channels of the images: where they are not 3, files of `numpy.save` are images too. Default: 3. */
  channels?: number;
}

/** File name endings that are taken for images; what a file really is shows when it is decoded. */
const IMAGE_EXTENSIONS = new Set(
  [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".tif", ".tiff", ".webp", ".bmp"],
);

/**
 * Lists the images of a folder and of every folder in it.
 *
 * Where all images lie in two or more first-level folders (`CLASS/…/image.jpg`), these are taken
 * for classes, as in ImageNet's tree. Hidden files are left out. Links are followed, each folder
 * once, so that a link to a folder above ends.
 *
 * @throws {Error} If the folder is missing, cannot be read or holds no images.
 */
export async function scanImageFolder(
  root: string,
  { channels = 3 }: ScanOptions = {},
): Promise<ImageFolder> {
  const endings = channels === 3 ? IMAGE_EXTENSIONS : new Set([...IMAGE_EXTENSIONS, ".npy"]);
  const paths = await listFiles(root, endings);
  return { root, paths, ...readClasses(paths) };
}

/**
 * Lists the files of a folder, and of every folder in it, that have one of some endings, as {@linkcode scanImageFolder}
 * does.
 *
 * @returns Their paths relative to the folder, sorted by code units.
 * @throws {Error} If the folder is missing, cannot be read or holds no such file.
 */
export async function listFiles(root: string, endings: ReadonlySet<string>): Promise<string[]> {
  const paths: string[] = [];
  const others = { count: 0 };
  await walk(root, "", { paths, others, endings, visited: new Set() });
  if (paths.length === 0) {
    const held = others.count === 0 ? "the folder is empty" : `none of its ${others.count} files ` +
      `ends in ${[...endings].join(", ")}`;
    throw new Error(`Cannot find images in ${root}: ${held}`);
  }
  return paths.sort();
}

/**
 * Tells a dataset that comes as `train/` and `val/` from a plain folder of images.
 *
 * The validation part may also be called `validation` or `test`. A folder without `train/` is all
 * training images.
 */
export async function findSplits(root: string): Promise<DatasetSplits> {
  const train = join(root, "train");
  if (!await isDirectory(train)) return { train: root };
  for (const name of ["val", "validation", "test"]) {
    if (await isDirectory(join(root, name))) return { train, val: join(root, name) };
  }
  return { train };
}

async function walk(
  root: string,
  folder: string,
  found: {
    readonly paths: string[];
    readonly others: { count: number };
    readonly endings: ReadonlySet<string>;
    readonly visited: Set<string>;
  },
): Promise<void> {
  const here = join(root, folder);
  try {
    const identity = await Deno.realPath(here);
    if (found.visited.has(identity)) return;
    found.visited.add(identity);
    for await (const entry of Deno.readDir(here)) {
      if (entry.name.startsWith(".")) continue;
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      const isFolder = entry.isDirectory ||
        (entry.isSymlink && await isDirectory(join(root, path)));
      if (isFolder) await walk(root, path, found);
      else if (found.endings.has(extname(entry.name).toLowerCase())) found.paths.push(path);
      else found.others.count++;
    }
  } catch (error) {
    throw explain(error, here);
  }
}

function readClasses(paths: readonly string[]): Pick<ImageFolder, "classes" | "labels"> {
  const names = paths.map((path) => path.slice(0, Math.max(0, path.indexOf("/"))));
  const classes = [...new Set(names)].sort();
  if (classes.length < 2 || classes[0] === "") return {};
  const indices = new Map(classes.map((name, index) => [name, index]));
  return { classes, labels: Uint32Array.from(names, (name) => indices.get(name)!) };
}

/** Whether there is a folder of this path. */
export async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false; // missing, or a link to nothing
  }
}

/** An error of the file system in words; any other error as it is. */
function explain(error: unknown, path: string): unknown {
  const refuse = (reason: string) =>
    new Error(`Cannot read images from ${path}: ${reason}`, { cause: error });
  if (error instanceof Deno.errors.NotFound) return refuse("there is no such folder");
  if (error instanceof Deno.errors.NotADirectory) {
    return refuse("it is a file, give the folder that holds it");
  }
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return refuse("permission denied");
  }
  return error;
}
