/**
 * Lists the files of a folder.
 *
 * @module
 */
import { join } from "@std/path";
import { LeftOutAccount } from "./left_out.ts";
import { NameList } from "./name_list.ts";
import { endingOf, isHidden, whyNoImage } from "./names.ts";

/** How listing files is watched and stopped. */
export interface ListingWatch {
  /** Called now and then with the number of names seen so far. Default: ignored. */
  onProgress?: (names: number) => void;
  /** Called with a line worth knowing, such as a cache that is full. Default: ignored. */
  onNote?: (text: string) => void;
  /** Ends the listing when it is aborted, with its reason. Default: nothing does. */
  signal?: AbortSignal;
}

/** Names between two pauses, in which signals and progress come through. */
export const PAUSE = 10_000;

/** Lets signals and timers through, and tells how many names were seen. */
export async function pauseListing(names: number, watch: ListingWatch): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  watch.signal?.throwIfAborted();
  watch.onProgress?.(names);
}

/** The files of a folder and of every folder in it. */
export interface FolderFiles {
  /** Files that have one of the endings asked for, relative to the folder, sorted by their path's code units. */
  readonly paths: string[];
  /** Its first-level folders. */
  readonly topFolders: readonly string[];
  /** What is no such file, or cannot be opened. */
  readonly leftOut: LeftOutAccount;
}

/** A folder that was walked. */
export interface WalkedFolder extends FolderFiles {
  /** Every folder that was looked into, relative to the first, which is "". */
  readonly folders: readonly string[];
}

/**
 * Lists the files of a folder, and of every folder in it, that have one of some endings.
 *
 * Hidden files are left out. Links are followed, but for one to a folder above itself.
 *
 * @throws {Error} If the folder is missing or cannot be read.
 */
export async function walkFolder(
  root: string,
  endings: ReadonlySet<string>,
  watch: ListingWatch = {},
): Promise<WalkedFolder> {
  const walk = new Walk(root, endings, watch);
  await walk.run();
  return walk;
}

/** A pass over a folder and the folders in it, in the order of the code units of whole paths. */
class Walk {
  paths: string[] = [];
  readonly topFolders: string[] = [];
  readonly leftOut = new LeftOutAccount();
  readonly #endings: ReadonlySet<string>;
  readonly #root: string;
  readonly #watch: ListingWatch;
  readonly #names = new NameList();
  #seen = 0;
  readonly folders: string[] = [];
  #hasLinkedFolders = false;

  constructor(root: string, endings: ReadonlySet<string>, watch: ListingWatch) {
    this.#watch = watch;
    this.#root = root;
    this.#endings = endings;
  }

  async run(): Promise<void> {
    let above: string;
    try {
      above = Deno.realPathSync(this.#root);
    } catch (error) {
      throw explain(error, this.#root);
    }
    await this.#visit("", [above]);
    this.paths = this.#names.all();
    if (this.#hasLinkedFolders) this.paths.sort(); // a link is sorted as a file until it is followed
  }

  /** Visits a folder; `above` are the true paths of it and of all folders it was reached through. */
  async #visit(folder: string, above: readonly string[]): Promise<void> {
    const here = join(this.#root, folder);
    this.folders.push(folder);
    const prefix = folder === "" ? "" : `${folder}/`;
    const { keys, links } = await entriesOf(here);
    let files: string[] = [];
    for (const key of keys) {
      if (++this.#seen % PAUSE === 0) await pauseListing(this.#seen, this.#watch);
      const isFolder = key.endsWith("/");
      const name = isFolder ? key.slice(0, -1) : key;
      const path = prefix === "" ? name : [prefix, name].join(""); // which keeps no parts, as + does
      if (isHidden(name)) {
        this.leftOut.add("hidden, or left behind by another program", path, "expected");
        continue;
      }
      const isLink = links.size > 0 && links.has(name);
      const target = isLink ? this.#follow(path, name) : undefined;
      if (isLink && target === undefined) continue;
      if (!isFolder && target?.isDirectory !== true) {
        if (this.#isWanted(path, name)) files.push(path);
      } else {
        const real = target?.path ?? `${above[0]}/${name}`;
        if (above.some((one) => one === real)) {
          this.leftOut.add("a link to a folder above itself", path);
          continue;
        }
        this.#hasLinkedFolders ||= isLink;
        if (folder === "") this.topFolders.push(name);
        this.#names.add(files);
        files = [];
        await this.#visit(path, [real, ...above]);
      }
    }
    this.#names.add(files);
  }

  #isWanted(path: string, name: string): boolean {
    if (!this.#endings.has(endingOf(name))) {
      const { reason, kind } = whyNoImage(name);
      this.leftOut.add(reason, path, kind);
    } else if (name.includes("\ufffd") && !exists(join(this.#root, path))) {
      this.leftOut.add("its name is not UTF-8, and Deno cannot open it: rename it", path);
    } else return true;
    return false;
  }

  /** What a link leads to, or undefined where that is nothing. */
  #follow(path: string, name: string): { path: string; isDirectory: boolean } | undefined {
    const link = join(this.#root, path);
    try {
      const { isDirectory } = Deno.statSync(link);
      return { path: isDirectory ? Deno.realPathSync(link) : link, isDirectory };
    } catch {
      const kind = this.#endings.has(endingOf(name)) ? "lost" : "expected";
      this.leftOut.add("a link to nothing", path, kind);
    }
  }
}

/** What a folder holds. */
interface Entries {
  /** Names, those of folders with a slash, in the order of whole paths. */
  readonly keys: readonly string[];
  /** Those that are links. */
  readonly links: ReadonlySet<string>;
}

/** Bytes of a folder's own list of names from which on it is read a few at a time, which takes less memory and more time. */
const LARGE_FOLDER = 2 ** 20;

async function entriesOf(folder: string): Promise<Entries> {
  const keys: string[] = [];
  const links = new Set<string>();
  const add = ({ name, isDirectory, isSymlink }: Deno.DirEntry) => {
    keys.push(isDirectory ? `${name}/` : name);
    if (isSymlink) links.add(name);
  };
  try {
    if (Deno.statSync(folder).size < LARGE_FOLDER) {
      for (const entry of Deno.readDirSync(folder)) add(entry);
    } else for await (const entry of Deno.readDir(folder)) add(entry);
  } catch (error) {
    throw explain(error, folder);
  }
  return { keys: keys.sort(), links };
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/** An error of the file system in words; any other error as it is. */
function explain(error: unknown, path: string): unknown {
  const refuse = (reason: string) =>
    new Error(`Cannot read images from ${path}: ${reason}`, { cause: error });
  if (error instanceof Deno.errors.NotFound) return refuse("there is no such folder");
  if (error instanceof Deno.errors.NotADirectory) {
    return refuse("it is a file; pass its folder");
  }
  if (error instanceof Deno.errors.PermissionDenied) return refuse("permission denied");
  if (error instanceof Deno.errors.NotCapable) {
    return refuse("Deno was not allowed to: run it with --allow-read");
  }
  return error;
}
