/**
 * Tells splits and classes of images by the folders of the archive that holds them.
 *
 * @module
 */
import type { LeftOutAccount } from "./left_out.ts";
import { type Split, splitOf } from "./splits.ts";
import { TextCollector, type TextColumn } from "./text_column.ts";

/** Images of an archive. */
export interface ChosenImages {
  /** Their indices. */
  readonly chosen: Uint32Array;
  /** Their classes, where there are several. */
  readonly labels: TextColumn;
}

/** Which images of an archive are wanted. */
export interface WantedSplit {
  /** The part of a data set that is meant. Default: that for training where there is one, else everything. */
  split?: Split;
  /** Whether the archive's own name tells that part, which is then everything unless folders tell otherwise. */
  isNamed?: boolean;
}

/** An archive by its name, and what is left out of it. */
export interface Archive {
  readonly name: string;
  readonly leftOut: LeftOutAccount;
}

/**
 * Chooses the images of a split, and names their classes, as from folders on disk: below the folder that holds them all.
 *
 * @param images Indices of images.
 * @param names The names of all files.
 */
export function chooseByFolders(
  images: Uint32Array,
  names: readonly string[],
  { name, leftOut, split, isNamed }: Archive & WantedSplit,
): ChosenImages {
  const foldersOf = foldersBelow(images, names);
  const isIn = (index: number, split?: Split) => splitOf(foldersOf(index)[0] ?? "") === split;
  const has = (split: Split) => images.some((index) => isIn(index, split));
  const holds = (split?: Split) =>
    images.some((index) => foldersOf(index).length === 1 && isIn(index, split));
  const isClass = () => holds("train") && holds() && !has("validation") && !has("test"); // as of vehicles
  const isWhole = split !== undefined && isNamed && !has(split);
  const hasTrain = split === undefined && has("train") && !isClass();
  const wanted = isWhole ? undefined : split ?? (hasTrain ? "train" : undefined);
  const chosen = wanted === undefined ? images : filtered(images, (index) => isIn(index, wanted));
  if (chosen.length < images.length) leftOut.add(`of another split than ${wanted}`, name);
  const classOf = foldersBelow(chosen, names), labels = new TextCollector();
  for (const index of chosen) labels.push(classOf(index)[0]);
  const classes = labels.texts.filter((text) => text !== undefined).length;
  if (classes > 1) return { chosen, labels };
  return { chosen, labels: { texts: [undefined], numbers: new Uint8Array(chosen.length) } };
}

/** Whether images lie in folders for training and for something else, as in a data set that was packed whole. */
export function holdsSplits(images: Uint32Array, names: readonly string[]): boolean {
  const foldersOf = foldersBelow(images, names);
  const has = (wanted: (split?: Split) => boolean) =>
    images.some((index) => wanted(splitOf(foldersOf(index)[0] ?? "")));
  return has((split) => split === "train") &&
    has((split) => split !== undefined && split !== "train");
}

/** Some of many indices; a typed array's own way takes several times the memory. */
export function filtered(indices: Uint32Array, isWanted: (index: number) => boolean): Uint32Array {
  const kept = new Uint32Array(indices.length);
  let count = 0;
  for (const index of indices) if (isWanted(index)) kept[count++] = index;
  return kept.subarray(0, count);
}

/** Finds the folders of an image below the one that all images lie in, from the top. */
function foldersBelow(
  images: Uint32Array,
  names: readonly string[],
): (image: number) => readonly string[] {
  const { length } = sharedFolder(images, names);
  return (image) => {
    const name = names[image], end = Math.max(length, name.lastIndexOf("/"));
    return name.slice(length, end).split("/").filter(isName);
  };
}

/** Whether a part of a path is the name of a folder. */
function isName(part: string): boolean {
  return part !== "" && part !== "." && part !== "..";
}

/** The folder that all images lie in, with its slash, however deep. */
function sharedFolder(images: Uint32Array, names: readonly string[]): string {
  const first = names[images[0]] ?? "";
  let shared = first.slice(0, first.lastIndexOf("/") + 1);
  for (const index of images) {
    while (!names[index].startsWith(shared)) {
      shared = shared.slice(0, shared.slice(0, -1).lastIndexOf("/") + 1);
    }
  }
  return shared;
}
