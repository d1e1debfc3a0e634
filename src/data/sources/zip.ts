/**
 * Zip archives of images.
 *
 * @module
 */
import { relative } from "@std/path";
import { METHOD, type ZipEntry } from "../../files/zip/format.ts";
import { readZipDirectory } from "../../files/zip/directory.ts";
import { openShard, readEvery } from "./shards.ts";
import { LeftOutAccount } from "./left_out.ts";
import type { ListedImage, Listing } from "./listing.ts";
import { endingOf, imageEndings, isHiddenPath, whyNoImage } from "./names.ts";
import { indexShard } from "./shard_index.ts";
import { type Split, splitInPath, splitOf } from "./splits.ts";
import type { ListingWatch } from "./walk.ts";

/** Options of {@linkcode readZips}. */
interface ZipOptions extends ListingWatch {
  /** Channels of the images. Default: 3. */
  channels?: number;
  /** The part of a data set that is meant. Default: that for training where there is one, else everything. */
  split?: Split;
}

/**
 * Lists the images of zip archives. Folders in an archive are classes as those on disk are, below one that holds them all.
 *
 * @param root The folder that names are relative to.
 * @param archives The archives, in order.
 * @throws {Error} If some are missing or damaged; the message names each.
 */
export async function readZips(
  root: string,
  archives: readonly string[],
  options: ZipOptions = {},
): Promise<Listing> {
  const leftOut = new LeftOutAccount();
  const found = await readEvery(root, archives, options, (path) => {
    const name = relative(root, path), { channels, split } = options;
    return indexShard(path, ["zip", name, channels, split], leftOut, (leftOut) => {
      using file = openShard(path);
      const onTwice = (member: string) =>
        leftOut.add("a later member has the same name", `${name}/${member}`);
      const entries = withSlashes([...readZipDirectory(file, onTwice).values()], name, leftOut);
      entries.sort((a, b) => a.name < b.name ? -1 : 1);
      return { images: readArchive(path, entries, { ...options, name, leftOut }) };
    });
  });
  return { root, images: found.flatMap(({ images }) => images), leftOut };
}

/** Files whose folders are told by slashes; some programs on Windows write backslashes alone. */
function withSlashes(entries: ZipEntry[], archive: string, leftOut: LeftOutAccount): ZipEntry[] {
  const isOfWindows = entries.some(({ name }) => name.includes("\\")) &&
    !entries.some(({ name }) => name.includes("/"));
  if (!isOfWindows) return entries;
  leftOut.add("with / for \\ in its members' names", archive, "changed");
  return entries.map((entry) => ({ ...entry, name: entry.name.replaceAll("\\", "/") }));
}

function readArchive(
  path: string,
  entries: readonly ZipEntry[],
  { channels, split, name, leftOut }: ZipOptions & { name: string; leftOut: LeftOutAccount },
): ListedImage[] {
  const endings = imageEndings(channels);
  const images: ZipEntry[] = [];
  for (const entry of entries) {
    const whole = `${name}/${entry.name}`;
    if (entry.name.endsWith("/")) continue;
    if (isHiddenPath(entry.name)) {
      leftOut.add("hidden, or left behind by another program", whole, "expected");
    } else if (!endings.has(endingOf(entry.name))) {
      const { reason, kind } = whyNoImage(entry.name);
      leftOut.add(reason, whole, kind);
    } else if (
      entry.isEncrypted || (entry.method !== METHOD.stored && entry.method !== METHOD.deflated)
    ) {
      leftOut.add("encrypted, or packed otherwise than by deflating", whole);
    } else images.push(entry);
  }
  if (images.length === 0) leftOut.add("an archive without images", name);
  const topOf = topFolder(images);
  const splitIn = (entry: ZipEntry) => splitOf(topOf(entry) ?? "");
  const splits = new Set(images.map(splitIn));
  const isWhole = split !== undefined && !splits.has(split) && splitInPath(name) === split;
  const wanted = isWhole ? undefined : split ?? (splits.has("train") ? "train" : undefined);
  const chosen = wanted === undefined
    ? images
    : images.filter((entry) => splitIn(entry) === wanted);
  if (chosen.length < images.length) leftOut.add(`of another split than ${wanted}`, name);
  const classOf = topFolder(chosen);
  const classes = new Set(chosen.map(classOf).filter((label) => label !== undefined));
  return chosen.map((entry) => ({
    name: `${name}/${entry.name}`,
    sample: { path, entry },
    label: classes.size > 1 ? classOf(entry) : undefined,
  }));
}

/** Finds the folder of an entry below the one that all entries lie in, or undefined. */
function topFolder(entries: readonly ZipEntry[]): (entry: ZipEntry) => string | undefined {
  const { length } = sharedFolder(entries);
  return ({ name }) => name.slice(length).split("/").slice(0, -1).filter(isName)[0];
}

/** Whether a part of a path is the name of a folder. */
function isName(part: string): boolean {
  return part !== "" && part !== "." && part !== "..";
}

/** The folder that all entries lie in, with its slash, however deep. */
function sharedFolder(entries: readonly ZipEntry[]): string {
  const [first, ...others] = entries.map(({ name }) => name);
  let shared = first?.slice(0, first.lastIndexOf("/") + 1) ?? "";
  for (const name of others) {
    while (!name.startsWith(shared)) {
      shared = shared.slice(0, shared.lastIndexOf("/", shared.length - 2) + 1);
    }
  }
  return shared;
}
