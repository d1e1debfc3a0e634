/**
 * Finds the images of a folder.
 *
 * @module
 */
import { join } from "@std/path";
import type { ImageFolder } from "../folder.ts";
import { NO_LABEL, type NumberedClasses } from "./labels.ts";
import { describeLeftOut, LeftOutAccount } from "./left_out.ts";
import { endingOf, imageEndings, isHidden, whyNoImage } from "./names.ts";

/** Options of {@linkcode scanImageFolder}. */
export interface ScanOptions {
  /** Channels of the images: where they are not 3, files of `numpy.save` are images too. Default: 3. */
  channels?: number;
}

/** Folders between two pauses, in which signals and progress come through. */
const PAUSE = 1000;

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
  const walk = new Walk(root, imageEndings(channels));
  await walk.run();
  const { paths, leftOut } = walk;
  if (paths.length === 0) throw nothingIn(root, walk);
  const numbered = readClasses(paths);
  if (numbered.classes !== undefined) {
    for (const name of walk.topFolders.filter((name) => !numbered.classes!.includes(name))) {
      leftOut.add("a folder beside the classes that holds no image", name);
    }
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
  const walk = new Walk(root, endings);
  await walk.run();
  if (walk.paths.length === 0) throw nothingIn(root, walk);
  return walk.paths;
}

/** Whether there is a folder of this path. */
export async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false; // missing, or a link to nothing
  }
}

/** A pass over a folder and the folders in it, in the order of the code units of whole paths. */
class Walk {
  readonly paths: string[] = [];
  readonly topFolders: string[] = [];
  readonly leftOut = new LeftOutAccount();
  readonly endings: ReadonlySet<string>;
  readonly #root: string;
  #folders = 0;
  #hasLinkedFolders = false;

  constructor(root: string, endings: ReadonlySet<string>) {
    this.#root = root;
    this.endings = endings;
  }

  async run(): Promise<void> {
    let above: string;
    try {
      above = Deno.realPathSync(this.#root);
    } catch (error) {
      throw explain(error, this.#root);
    }
    await this.#visit("", [above]);
    if (this.#hasLinkedFolders) this.paths.sort(); // a link is sorted as a file until it is followed
  }

  /** Visits a folder; `above` are the true paths of it and of all folders it was reached through. */
  async #visit(folder: string, above: readonly string[]): Promise<void> {
    const here = join(this.#root, folder);
    if (++this.#folders % PAUSE === 0) await new Promise((resolve) => setTimeout(resolve));
    const prefix = folder === "" ? "" : `${folder}/`;
    for (const { key, name, link } of entriesOf(here)) {
      const path = prefix + name;
      if (isHidden(name)) {
        this.leftOut.add("hidden, or left behind by another program", path, { isExpected: true });
        continue;
      }
      const target = link ? this.#follow(path, name) : undefined;
      if (link && target === undefined) continue;
      if (!key.endsWith("/") && target?.isDirectory !== true) this.#take(path, name);
      else {
        const real = target?.path ?? `${above[0]}/${name}`;
        if (above.some((one) => one === real)) {
          this.leftOut.add("a link to a folder above itself", path);
          continue;
        }
        this.#hasLinkedFolders ||= link;
        if (folder === "") this.topFolders.push(name);
        await this.#visit(path, [real, ...above]);
      }
    }
  }

  #take(path: string, name: string): void {
    if (!this.endings.has(endingOf(name))) {
      const { reason, isExpected } = whyNoImage(name);
      this.leftOut.add(reason, path, { isExpected });
    } else if (name.includes("\ufffd") && !exists(join(this.#root, path))) {
      this.leftOut.add("its name is not UTF-8, and Deno cannot open it: rename it", path);
    } else this.paths.push(path);
  }

  /** What a link leads to, or undefined where that is nothing. */
  #follow(path: string, name: string): { path: string; isDirectory: boolean } | undefined {
    const link = join(this.#root, path);
    try {
      const { isDirectory } = Deno.statSync(link);
      return { path: isDirectory ? Deno.realPathSync(link) : link, isDirectory };
    } catch {
      const isExpected = !this.endings.has(endingOf(name));
      this.leftOut.add("a link to nothing", path, { isExpected });
    }
  }
}

/** An entry of a folder: the key that sorts it among whole paths, and whether it is a link. */
interface Entry {
  readonly key: string;
  readonly name: string;
  readonly link: boolean;
}

function entriesOf(folder: string): Entry[] {
  try {
    return Array.from(Deno.readDirSync(folder), (entry) => {
      const { name, isSymlink } = entry;
      return { key: entry.isDirectory ? `${name}/` : name, name, link: isSymlink };
    }).sort((a, b) => a.key < b.key ? -1 : 1);
  } catch (error) {
    throw explain(error, folder);
  }
}

function readClasses(paths: readonly string[]): NumberedClasses {
  const names = paths.map((path) => path.slice(0, Math.max(0, path.indexOf("/"))));
  const classes = [...new Set(names)].filter((name) => name !== "").sort();
  if (classes.length < 2) return {};
  const numbers = new Map(classes.map((name, number) => [name, number]));
  return { classes, labels: Uint32Array.from(names, (name) => numbers.get(name) ?? NO_LABEL) };
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

function nothingIn(root: string, { endings, leftOut }: Walk): Error {
  const groups = leftOut.list();
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  const held = count === 0
    ? "the folder is empty"
    : `none of its ${count} files ends in ${[...endings].join(", ")}`;
  const reasons = groups.filter(({ isExpected }) => !isExpected).map(describeLeftOut);
  return new Error([`Cannot find images in ${root}: ${held}`, ...reasons].join("\n"));
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
