/**
 * Images from anywhere.
 *
 * @module
 */
import { dirname, join, relative } from "@std/path";
import type { MixtureEntry } from "../../config/mixture_entry.ts";
import { isFile, isFolder } from "../../files/is_file.ts";
import type { ImageFolder } from "../folder.ts";
import { refuseAddress } from "./address.ts";
import type { WantedSplit } from "./archive_folders.ts";
import { parseDatasetString } from "./dataset_string.ts";
import { imageTree, nothingIn } from "./folder.ts";
import { openImageNet } from "./imagenet.ts";
import { LIST_ENDINGS, readList } from "./list.ts";
import { type Listing, toImageFolder } from "./listing.ts";
import { openMixture } from "./mixture.ts";
import { endingOf, imageEndings, isShard } from "./names.ts";
import { readParquet } from "./parquet.ts";
import { openShard } from "./shards.ts";
import { expandPattern, isPattern, parseSource } from "./pattern.ts";
import { shardsOfSplit, tellOthers } from "./shards_of_split.ts";
import { type Split, splitFolder } from "./splits.ts";
import { readWebdataset } from "./webdataset.ts";
import { readZips } from "./zip.ts";
import { indexFolder } from "./folder_index.ts";
import type { FolderFiles, ListingWatch } from "./walk.ts";

/** Options of {@linkcode openImages}. */
export interface SourceOptions extends ListingWatch {
  /** Channels of the images: where they are not 3, files of `numpy.save` are images too. Default: 3. */
  channels?: number;
  /** Where a source writes the classes: a column of a list, or a member of shards such as `json.label`. */
  label?: string;
  /** Where a source writes scores, likewise. */
  score?: string;
  /** Least score. Default: any. */
  minScore?: number;
}

/**
 * Opens one source, or several as one.
 *
 * @param sources The sources: names, or entries with weights and filters.
 * @throws {Error} If one cannot be read or holds no images.
 */
export async function openSources(
  sources: readonly (string | MixtureEntry)[],
  options: SourceOptions = {},
): Promise<ImageFolder> {
  const entries = sources.map((source) => typeof source === "string" ? { path: source } : source);
  return await openMixture(
    entries,
    (path, { label = options.label, score = options.score, minScore = options.minScore }) =>
      openImages(path, { ...options, label, score, minScore }),
    options,
  );
}

interface ReadOptions extends SourceOptions, WantedSplit {}

/** How files that hold many images are read. */
interface Reader {
  /** The endings of their names. */
  readonly endings: RegExp;
  /** Whether folders in one of so many files may be splits. */
  readonly holdSplits?: (files: number) => boolean;
  read(root: string, files: readonly string[], options: ReadOptions): Promise<Listing>;
}

/** All kinds of such files; the first found in a folder is taken. */
const READERS: readonly Reader[] = [
  { endings: /\.(tar|tar\.gz|tgz)$/i, read: readWebdataset, holdSplits: (files) => files === 1 },
  { endings: /\.parquet$/i, read: readParquet },
  { endings: /\.zip$/i, read: readZips, holdSplits: () => true },
];
const SHARD_ENDINGS = [".tar", ".gz", ".tgz", ".parquet", ".zip"];

/**
 * Finds the images of a source: a folder, a list of files (`.txt`, `.csv`, `.tsv`, `.jsonl`, `.json`), tar shards
 * (one, a folder of them, or a pattern such as `shards/{000..123}.tar`), parquet files and zip archives likewise.
 *
 * @param source What the source is called. `:split=validation` behind it means that part of a data set.
 * @throws {Error} If it cannot be read or holds no images.
 */
export async function openImages(
  source: string,
  options: SourceOptions = {},
): Promise<ImageFolder> {
  refuseAddress(source);
  const imageNet = parseDatasetString(source);
  if (imageNet !== undefined) return await openImageNet(imageNet, options);
  const { path, split } = parseSource(source);
  if (isFolder(path)) return await openFolder(path, split, options);
  const files = isPattern(path) ? expandPattern(path) : [path];
  if (files.length === 0) throw new Error(`Cannot find images: ${path} does not exist`);
  if (LIST_ENDINGS.has(endingOf(path))) {
    if (split !== undefined) {
      throw new Error(`Cannot find the split ${split} in ${path}: a list has no splits`);
    }
    return toImageFolder(await readList(path, options), options.minScore);
  }
  const reader = READERS.find(({ endings }) => endings.test(path));
  if (reader !== undefined) return await openFiles(path, files, reader, { ...options, split });
  refusePacked(path);
  return await openFolder(path, split, options); // says what is wrong with it
}

/** Opens shards that are named themselves; where a split is asked for, those whose names or folders tell it. */
async function openFiles(
  source: string,
  files: readonly string[],
  { read, holdSplits }: Reader,
  options: ReadOptions,
): Promise<ImageFolder> {
  const root = dirname(source), above = dirname(root);
  const { split, minScore } = options;
  if (split === undefined) return toImageFolder(await read(root, files, options), minScore);
  const names = files.map((file) => relative(above, file));
  const { chosen, others, areNamed: isNamed } = shardsOfSplit(names, split, {
    name: source,
    holdSplits: holdSplits?.(files.length),
  });
  const paths = chosen.map((name) => join(above, name));
  const listing = await read(root, paths, { ...options, isNamed });
  requireSplit(source, split, listing);
  tellOthers(others, listing.leftOut);
  return toImageFolder(listing, minScore);
}

/** @throws {Error} If nothing is of the split that was asked for. */
function requireSplit(source: string, split: Split, { parts }: Listing): void {
  if (parts.some(({ names }) => names.length > 0)) return;
  throw new Error(
    `Cannot find the split ${split} in ${source}: neither names nor folders in it tell that split`,
  );
}

/** Refuses a file that would be a shard if it were unpacked. */
function refusePacked(path: string): void {
  if (!isFile(path)) return;
  try {
    openShard(path)[Symbol.dispose]();
  } catch (cause) {
    throw new Error(`Cannot read images from ${path}: ${(cause as Error).message}`, { cause });
  }
}

async function openFolder(
  root: string,
  split: Split | undefined,
  options: SourceOptions,
): Promise<ImageFolder> {
  const part = split && isFolder(root) ? splitFolder(root, split) : undefined;
  if (part !== undefined) return await openFolder(part, undefined, options);
  const endings = imageEndings(options.channels);
  const { onProgress, signal } = options;
  const wanted = new Set([...endings, ...SHARD_ENDINGS]);
  const files = withoutPacked(await indexFolder(root, wanted, { onProgress, signal }));
  const shards = files.paths.filter(isShard);
  if (shards.length < files.paths.length || shards.length === 0) {
    if (split !== undefined) throw new Error(`Cannot find the split ${split} in ${root}`);
    return openTree(root, files, shards, endings);
  }
  const { endings: kind, read, holdSplits } = kindOf(shards);
  const taken = shards.filter((path) => kind.test(path));
  const { chosen, others, areNamed: isNamed } = shardsOfSplit(taken, split, {
    name: root,
    holdSplits: holdSplits?.(taken.length),
  });
  const found = chosen.map((path) => join(root, path));
  const listing = await read(root, found, { ...options, split, isNamed });
  if (split !== undefined) requireSplit(root, split, listing);
  for (const path of shards.filter((path) => !kind.test(path))) {
    listing.leftOut.add("it stands beside shards of another kind", path, "expected");
  }
  tellOthers(others, listing.leftOut);
  return toImageFolder(listing, options.minScore);
}

/** Files without those of gzip that are no tar, whose ending was asked for as that of `.tar.gz`. */
function withoutPacked(files: FolderFiles): FolderFiles {
  const isPacked = (path: string) => /\.gz$/i.test(path) && !isShard(path);
  const packed = files.paths.filter(isPacked);
  if (packed.length === 0) return files;
  for (const path of packed) files.leftOut.add(".gz files are no images", path, "expected");
  return { ...files, paths: files.paths.filter((path) => !isPacked(path)) };
}

/** The kind of the shards that lie highest in a folder; where several do, the first of them. */
function kindOf(shards: readonly string[]) {
  const depth = (path: string) => path.split("/").length;
  const highest = Math.min(...shards.map(depth));
  const top = shards.filter((path) => depth(path) === highest);
  return READERS.find(({ endings }) => top.some((path) => endings.test(path)))!;
}

function openTree(
  root: string,
  files: FolderFiles,
  shards: readonly string[],
  endings: ReadonlySet<string>,
): ImageFolder {
  const archives = new Set(shards);
  const paths = archives.size === 0
    ? files.paths
    : files.paths.filter((path) => !archives.has(path));
  for (const path of shards) files.leftOut.add("archives beside images are not opened", path);
  if (paths.length === 0) throw nothingIn(root, files, endings);
  return imageTree(root, { ...files, paths });
}
