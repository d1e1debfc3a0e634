/**
 * Tells the parts of a data set by what they are called.
 *
 * @module
 */
import { join } from "@std/path";
import { namesIn } from "../../files/folder_names.ts";
import { isFolder } from "../../files/is_file.ts";
import { endingOf, imageEndings, isHidden, isShard } from "./names.ts";

/** The parts that data sets come in. */
export type Split = "train" | "validation" | "test";

/** What the parts are called, in small letters; the first name found is taken. */
const NAMES: Readonly<Record<Split, readonly string[]>> = {
  train: ["train", "training"],
  validation: ["val", "validation", "valid", "dev"],
  test: ["test", "testing", "eval", "evaluation"],
};

/** The training and validation splits of a folder. */
export interface DatasetSplits {
  /** The training images. */
  readonly train: string;
  /** The validation images, if there are some. */
  readonly val?: string;
}

/** A name in small letters, and without what some put behind it, as in `training_set`. */
function bareName(name: string): string {
  return name.toLowerCase().replace(/[-_ ]set$/, "");
}

/** The split that a word names, whatever its capitals, or undefined. */
export function splitOf(word: string): Split | undefined {
  const name = bareName(word);
  return (Object.keys(NAMES) as Split[]).find((split) => NAMES[split].includes(name));
}

/** The split that the path of a shard tells, as in `data/train-00000-of-00002.parquet`, or undefined. */
export function splitInPath(path: string): Split | undefined {
  for (const word of path.split(/[-._ /0-9]+/).reverse()) {
    const split = splitOf(word);
    if (split !== undefined) return split;
  }
}

/** The folder of a split in a folder, whatever its capitals, or undefined. */
export function splitFolder(root: string, split: Split): string | undefined {
  const folders = new Map<string, string>();
  const names = Array.from(Deno.readDirSync(root), ({ name }) => name);
  for (const name of names.sort().reverse()) folders.set(bareName(name), join(root, name));
  for (const name of NAMES[split]) {
    const folder = folders.get(name);
    if (folder !== undefined && isFolder(folder)) return folder;
  }
}

/**
 * Distinguishes a dataset with `train/` and `val/`, or with shards named by splits, from a plain source of images.
 *
 * The validation part may also be called `validation`, `valid`, `dev` or `test`, in capitals too. A source without a part
 * for training is all training images, and so is one whose folder `train` is a class among others.
 */
export function findSplits(source: string): DatasetSplits {
  if (!isFolder(source)) return { train: source };
  const train = splitFolder(source, "train");
  if (train === undefined) return splitsOfShards(source);
  const val = splitFolder(source, "validation") ?? splitFolder(source, "test");
  if (val === undefined && isClass(train, source)) return { train: source };
  return { train, ...val !== undefined && { val } };
}

/** Whether a folder called train is a class among others, such as of vehicles: both hold images, not folders of classes. */
function isClass(train: string, root: string): boolean {
  const others = namesIn(root, "folders").filter((name) => !isHidden(name))
    .map((name) => join(root, name)).filter((folder) => folder !== train);
  return others.some(holdsImages) && holdsImages(train);
}

function holdsImages(folder: string): boolean {
  const endings = imageEndings(1);
  return namesIn(folder, "files").some((name) => endings.has(endingOf(name)));
}

function splitsOfShards(folder: string): DatasetSplits {
  const names = [folder, join(folder, "data")].flatMap((path) => namesIn(path, "files"));
  const splits = new Set(names.filter(isShard).map(splitInPath));
  const val = (["validation", "test"] as const).find((split) => splits.has(split));
  if (!splits.has("train") || val === undefined) return { train: folder };
  return { train: `${folder}:split=train`, val: `${folder}:split=${val}` };
}
