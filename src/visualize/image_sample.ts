import { resolve } from "@std/path";
import { closestString } from "@std/text";
import type { BrokenFile } from "../data/broken_files.ts";
import { type ImageFolder, placesOf, selectImages } from "../data/folder.ts";
import type { DecodedImage } from "../data/image.ts";
import { spreadEvenly } from "../data/sampler.ts";
import { evaluationBatches, type LoaderOptions } from "../data/loader.ts";

/** An image and where it comes from. */
export interface NamedImage {
  /** Its path in the folder. */
  readonly path: string;
  /** The image. */
  readonly image: DecodedImage;
}

/** Images of a folder, and what could not be read of it. */
export interface ImageSample {
  /** The images, in the order asked for. */
  readonly images: readonly NamedImage[];
  /** Files that could not be decoded, as full paths. */
  readonly brokenFiles: readonly BrokenFile[];
}

/**
 * Chooses images spread evenly over a folder, so that each of its classes has a chance to be shown.
 *
 * @param folder The folder.
 * @param count How many, or all where there are fewer.
 * @param options The path of one that is to come first. Default: none.
 * @returns Their paths, in the folder's order but for that one.
 * @throws {RangeError} If the number is out of range, or the folder lacks that image.
 */
export function spreadOver(
  folder: ImageFolder,
  count: number,
  { first }: { first?: string } = {},
): string[] {
  const { root, paths } = folder;
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`Cannot show ${count} images: give a whole number from 1`);
  }
  const spread = spreadEvenly(paths.length, count).map((index) => paths[index]);
  if (first === undefined) return spread;
  if (!paths.includes(first)) {
    const nearest = closestString(first, paths);
    throw new RangeError(
      `Cannot find the image "${first}" in ${root}: did you mean "${nearest}"?`,
    );
  }
  return [first, ...spread.filter((path) => path !== first)].slice(0, spread.length);
}

/**
 * Reads chosen images.
 *
 * @param folder The folder.
 * @param paths Which of its paths, in the order wanted.
 * @param options How they are decoded, by default as by `decodeImage`, on how many threads; and what takes a line on damaged
 * ones.
 * @throws {Error} If too many of them cannot be decoded.
 */
export async function readImages(
  folder: ImageFolder,
  paths: readonly string[],
  options: Pick<LoaderOptions, "channels" | "exif" | "onNote" | "workers"> = {},
): Promise<ImageSample> {
  const places = placesOf(folder.paths, paths);
  const chosen = selectImages(folder, paths.map((path) => places.get(path)!));
  using loader = evaluationBatches(chosen, { ...options, cacheBytes: 0 });
  const images: NamedImage[] = [];
  for await (const batch of loader) {
    batch.images.forEach((image, i) => images.push({ path: paths[batch.indices[i]], image }));
  }
  const brokenFiles = loader.brokenFiles
    .map(({ path, reason }) => ({ path: resolve(folder.root, path), reason }));
  return { images, brokenFiles };
}
