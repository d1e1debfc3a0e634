/**
 * ImageNet as the reference implementation lays it out.
 *
 * Source: `dinov2/data/datasets/image_net.py` and `image_net_22k.py`.
 *
 * @module
 */
import { basename, join } from "@std/path";
import type { ImageFolder } from "../folder.ts";
import type { DatasetString } from "./dataset_string.ts";
import { scanImageFolder, type ScanOptions } from "./folder.ts";
import { LeftOutAccount } from "./left_out.ts";
import { toImageFolder } from "./listing.ts";
import { readWebdataset } from "./webdataset.ts";

/** Files that tell the names of classes: `id,name`, and as Kaggle writes it `id name`. */
const NAME_FILES = [["labels.txt", ","], ["LOC_synset_mapping.txt", " "]] as const;

/**
 * Opens ImageNet-1k, `train/CLASS/*.JPEG`, `val/CLASS/*.JPEG` and `test/*.JPEG`, or ImageNet-22k, a `CLASS.tar` for each
 * class. Classes are numbered in the order of their ids, and called as `labels.txt` calls them.
 *
 * @throws {Error} If it cannot be read or holds no images.
 */
export async function openImageNet(
  { name, split, root, extra }: DatasetString,
  options: ScanOptions = {},
): Promise<ImageFolder> {
  const leftOut = new LeftOutAccount();
  if (extra !== undefined) {
    leftOut.add(`not needed, since ${root} itself says what it holds`, `extra=${extra}`);
  }
  const names = readNames(root, leftOut);
  if (name === "ImageNet22k") return await openTars(root, names, leftOut, options);
  const folder = split.toLowerCase();
  const found = await scanImageFolder(join(root, folder), options);
  const classes = found.classes?.map(titles(names, found.classes));
  leftOut.addAll(found.leftOut ?? []);
  const paths = found.paths.map((path) => [folder, path].join("/")); // which, unlike +, keeps no parts
  return { ...found, root, paths, ...classes && { classes }, leftOut: leftOut.list() };
}

async function openTars(
  root: string,
  names: ReadonlyMap<string, string>,
  leftOut: LeftOutAccount,
  options: ScanOptions,
): Promise<ImageFolder> {
  const tars = Array.from(Deno.readDirSync(root), ({ name }) => name)
    .filter((name) => name.endsWith(".tar")).sort();
  if (tars.length === 0) throw new Error(`Cannot find images in ${root}: it holds no CLASS.tar`);
  const { parts, leftOut: ofTars, ...listing } = await readWebdataset(
    root,
    tars.map((name) => join(root, name)),
    options,
  );
  const ids = tars.map((name) => basename(name, ".tar"));
  const labelled = parts.map((images, number) => {
    const labels = { texts: [String(number)], numbers: new Uint8Array(images.names.length) };
    return { ...images, labels };
  });
  leftOut.addAll(ofTars.list());
  const all = { ...listing, leftOut, parts: labelled, classes: ids.map(titles(names, ids)) };
  return toImageFolder(all);
}

/** The title of a class; with its id where two have the same, as both cranes and both maillots do. */
function titles(
  names: ReadonlyMap<string, string>,
  ids: readonly string[],
): (id: string) => string {
  const counts = new Map<string, number>();
  for (const id of ids) {
    const title = names.get(id) ?? id;
    counts.set(title, (counts.get(title) ?? 0) + 1);
  }
  return (id) => {
    const title = names.get(id) ?? id;
    return counts.get(title) === 1 ? title : `${title} (${id})`;
  };
}

/** The names of classes by their ids; none where no file tells them. A name with a comma ought to be quoted. */
function readNames(root: string, leftOut: LeftOutAccount): Map<string, string> {
  for (const [file, separator] of NAME_FILES) {
    let text: string;
    try {
      text = Deno.readTextFileSync(join(root, file));
    } catch {
      continue;
    }
    return new Map(
      text.split(/\r?\n/).filter((line) => line !== "").map((line) => {
        const end = line.indexOf(separator);
        const name = line.slice(end + 1);
        const inner = /^"(.*)"$/.exec(name)?.[1].replaceAll('""', '"');
        if (separator === "," && inner === undefined && name.includes(",")) {
          leftOut.add(
            `all behind the first comma as the name: quote it in ${file}`,
            line,
            "changed",
          );
        }
        return [line.slice(0, end), inner ?? name];
      }),
    );
  }
  return new Map();
}
