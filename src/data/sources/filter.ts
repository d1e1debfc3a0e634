/**
 * Leaves out images that a source has and that are not wanted.
 *
 * @module
 */
import { basename } from "@std/path";
import { type ImageFolder, selectImages } from "../folder.ts";
import { imageSizes } from "./image_sizes.ts";
import { LeftOutAccount } from "./left_out.ts";
import type { ListingWatch } from "./walk.ts";

/** Which images of a source are wanted. */
interface ImageFilter {
  /** Least number of pixels of the shorter side. Default: any. */
  readonly min_size?: number;
  /** Greatest ratio of the longer side to the shorter one. Default: any. */
  readonly max_aspect?: number;
  /** A file with a name on each line; only images of these names, with or without folders, are wanted. Default: all. */
  readonly names?: string;
}

/**
 * The images of a folder that a filter lets through. Sizes are read from every image's header, and kept.
 *
 * @throws {Error} If the list of names cannot be read, or nothing is left.
 */
export async function filterImages(
  folder: ImageFolder,
  filter: ImageFilter,
  watch: ListingWatch = {},
): Promise<ImageFolder> {
  const { min_size: minSize = 0, max_aspect: maxAspect = Infinity, names } = filter;
  const listed = names === undefined ? undefined : readNames(names);
  const looksAtSizes = minSize > 0 || maxAspect < Infinity;
  if (listed === undefined && !looksAtSizes) return folder;
  const sizes = looksAtSizes ? await imageSizes(folder, watch) : undefined;
  const leftOut = new LeftOutAccount();
  const kept: number[] = [];
  for (const [index, path] of folder.paths.entries()) {
    const isListed = listed === undefined || listed.has(path) || listed.has(basename(path));
    const reason = !isListed
      ? `not in ${names}`
      : whyOfWrongSize(sizes?.subarray(2 * index, 2 * index + 2) ?? [], { minSize, maxAspect });
    if (reason === undefined) kept.push(index);
    else leftOut.add(reason, path, "expected");
  }
  if (kept.length === 0) {
    throw new Error(`Cannot use ${folder.root}: no image passes its filters`);
  }
  return { ...selectImages(folder, kept), leftOut: [...folder.leftOut ?? [], ...leftOut.list()] };
}

/** Why an image is not wanted for its size; one that cannot be read is, and is told when it is decoded. */
function whyOfWrongSize(
  [width = 0, height = 0]: ArrayLike<number> & Iterable<number>,
  { minSize, maxAspect }: { minSize: number; maxAspect: number },
): string | undefined {
  if (width === 0) return undefined;
  const [shorter, longer] = [Math.min(width, height), Math.max(width, height)];
  if (shorter < minSize) return `its shorter side is below ${minSize} pixels`;
  if (longer / shorter > maxAspect) return `its sides have a ratio above ${maxAspect}`;
}

function readNames(path: string): Set<string> {
  try {
    return new Set(Deno.readTextFileSync(path).split(/\r?\n/).filter((name) => name !== ""));
  } catch (cause) {
    throw new Error(`Cannot read the list of names ${path}: ${(cause as Error).message}`, {
      cause,
    });
  }
}
