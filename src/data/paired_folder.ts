/**
 * Finds images and the masks or depth maps that belong to them.
 *
 * @module
 */
import { extname, join } from "@std/path";
import { isFolder } from "../files/is_file.ts";
import type { ImageFolder } from "./folder.ts";
import { nameSome } from "./sources/left_out.ts";
import { listFiles, scanImageFolder } from "./sources/folder.ts";
import type { TargetKind } from "./target.ts";

/** Options of {@linkcode scanPairedFolder}. */
export interface PairedFolderOptions {
  /**
   * A part of the folder: `training` for `images/training` and `annotations/training`, or `train` for
   * `ImageSets/Segmentation/train.txt`. Default: everything.
   */
  split?: string;
}

interface Layout {
  readonly images: string;
  readonly targets: string;
  /** Whether images without a target are ordinary, as in VOC, where most have none. */
  readonly isPartial?: boolean;
}

const LAYOUTS: Readonly<Record<TargetKind["kind"], readonly Layout[]>> = {
  labels: [
    { images: "images", targets: "annotations" },
    { images: "JPEGImages", targets: "SegmentationClass", isPartial: true },
  ],
  depth: [{ images: "images", targets: "depth" }, { images: "rgb", targets: "depth" }],
};
const ENDINGS: Readonly<Record<TargetKind["kind"], ReadonlySet<string>>> = {
  labels: new Set([".png"]),
  depth: new Set([".png", ".npy"]),
};

/**
 * Lists the images of a folder with their masks (`images/a.jpg` and `annotations/a.png` as in ADE20K,
 * `JPEGImages/a.jpg` and `SegmentationClass/a.png` as in VOC) or depth maps (`images/a.jpg` or `rgb/a.jpg`, and
 * `depth/a.png` or `depth/a.npy`). Folders inside these must agree too.
 *
 * @param root The folder that holds the two.
 * @param kind What the files beside the images hold.
 * @param options A part of it.
 * @throws {Error} If the folders or the split are missing, or an image or target lacks its partner.
 */
export async function scanPairedFolder(
  root: string,
  kind: TargetKind,
  options: PairedFolderOptions = {},
): Promise<ImageFolder> {
  const layout = findLayout(root, kind);
  const chosen = await readSplit(root, layout, options.split);
  const imageFolder = join(root, layout.images), targetFolder = join(root, layout.targets);
  const images = byStem(imageFolder, (await scanImageFolder(imageFolder)).paths, chosen);
  const targets = byStem(targetFolder, await listFiles(targetFolder, ENDINGS[kind.kind]), chosen);
  const stems = chosen.listed ?? [...layout.isPartial ? targets.keys() : images.keys()];
  refuseLonely(root, layout.targets, stems.filter((key) => !targets.has(key)));
  refuseLonely(
    root,
    layout.images,
    [...stems, ...targets.keys()].filter((key) => !images.has(key)),
  );
  if (stems.length === 0) {
    throw new Error(`Cannot find images of the split "${options.split}" in ${root}: it is empty`);
  }
  return {
    root,
    paths: stems.map((key) => `${layout.images}/${images.get(key)}`),
    targets: { paths: stems.map((key) => `${layout.targets}/${targets.get(key)}`), kind },
  };
}

function findLayout(root: string, { kind }: TargetKind): Layout {
  for (const layout of LAYOUTS[kind]) {
    const { images, targets } = layout;
    if ([images, targets].every((name) => isFolder(join(root, name)))) return layout;
  }
  const known = LAYOUTS[kind].map(({ images, targets }) => `${images}/ and ${targets}/`);
  throw new Error(
    `Cannot find ${kind} in ${root}: it must hold the folders ${known.join(", or ")}`,
  );
}

/** Which stems belong to a part, and their order if a file lists them. */
interface Chosen {
  readonly listed?: readonly string[];
  has(key: string): boolean;
}

async function readSplit(root: string, { images }: Layout, split?: string): Promise<Chosen> {
  if (split === undefined) return { has: () => true };
  const list = join(root, "ImageSets", "Segmentation", `${split}.txt`);
  try {
    const listed = (await Deno.readTextFile(list)).split("\n").map((line) => line.trim())
      .filter((line) => line !== "");
    const known = new Set(listed);
    return { listed: [...known], has: (key) => known.has(key) };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  if (isFolder(join(root, images, split))) {
    return { has: (key) => key.startsWith(`${split}/`) };
  }
  throw new Error(
    `Cannot find the split "${split}" of ${root}: there is neither ${list} nor a folder ${
      join(root, images, split)
    }`,
  );
}

/**
 * The files of a folder by what their names share with their partners'.
 *
 * @throws {Error} If two share it, as `0.jpg` and `0.png` do: one of them would be lost.
 */
function byStem(folder: string, paths: readonly string[], chosen: Chosen): Map<string, string> {
  const found = new Map<string, string>();
  for (const path of paths) {
    const key = stem(path);
    if (!chosen.has(key)) continue;
    const other = found.get(key);
    if (other !== undefined) {
      throw new Error(
        `Cannot pair the files of ${folder}: ${
          nameSome([other, path])
        } match one file; remove one of them`,
      );
    }
    found.set(key, path);
  }
  return found;
}

function stem(path: string): string {
  return path.slice(0, path.length - extname(path).length);
}

function refuseLonely(root: string, folder: string, stems: readonly string[]): void {
  if (stems.length === 0) return;
  throw new Error(
    `Cannot pair the files of ${root}: ${folder}/ has none called ${nameSome(stems)}`,
  );
}
