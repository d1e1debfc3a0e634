/**
 * Images and what is known about them, wherever they lie.
 *
 * @module
 */
import type { LeftOut } from "./sources/left_out.ts";
import type { SampleLocator } from "./sources/sample.ts";
import { type SampleTable, SelectedSamples } from "./sources/sample_table.ts";
import type { TargetKind } from "./target.ts";

/** The images of a folder, or of another source, in a fixed order. */
export interface ImageFolder {
  /** The folder, or the name of another source. */
  readonly root: string;
  /** The images' names: files relative to the root, sorted by their path's code units, or members of shards. */
  readonly paths: readonly string[];
  /** For each image, where it lies. Default: in the file of its path. */
  readonly samples?: SampleTable;
  /** Class names in the order of their numbers; absent where the folder has no classes. */
  readonly classes?: readonly string[];
  /** For each image, the index of its class, or NO_LABEL; absent where the folder has no classes. */
  readonly labels?: Uint32Array<ArrayBuffer>;
  /** What is known about the images' pixels; absent where the folder has none. */
  readonly targets?: FolderTargets;
  /** What the source contains but skips. Default: nothing. */
  readonly leftOut?: readonly LeftOut[];
  /** For each image, how often it is drawn in training beside the others. Default: every image once in an epoch. */
  readonly weights?: Float64Array<ArrayBuffer>;
  /** Images that can only be read together, so that a shuffled order does well to use them together. Default: each alone. */
  readonly groups?: ImageGroups;
}

/** Which images of a folder can only be read together. */
export interface ImageGroups {
  /** The index of the first image of each group, ascending from 0. */
  readonly starts: readonly number[];
  /** How many groups are read at a time. */
  readonly together: number;
}

/** The masks or depth maps of a folder's images. */
export interface FolderTargets {
  /** For each image, the file with what is known about its pixels, relative to the root. */
  readonly paths: readonly string[];
  /** What these files hold. */
  readonly kind: TargetKind;
}

/** Where the bytes of an image of a folder lie. */
export function locate({ root, paths, samples }: ImageFolder, index: number): SampleLocator {
  return samples?.at(index, paths[index]) ?? { path: `${root}/${paths[index]}` };
}

/** Where the images of a folder lie. */
export function samplesOf({ root, paths: { length }, samples }: ImageFolder): SampleTable {
  return samples ?? { length, at: (_, name) => ({ path: `${root}/${name}` }) };
}

/** What an image of a folder is called in messages. */
export function imageName({ root, paths }: ImageFolder, index: number): string {
  return `${root}/${paths[index]}`;
}

/** Some images of a folder, by their indices, in the order given. */
export function selectImages(folder: ImageFolder, indices: readonly number[]): ImageFolder {
  const { paths, samples, labels, targets, weights, groups: _, ...others } = folder;
  return {
    ...others,
    paths: indices.map((index) => paths[index]),
    ...samples && { samples: new SelectedSamples(samples, indices) },
    ...labels && { labels: Uint32Array.from(indices, (index) => labels[index]) },
    ...weights && { weights: Float64Array.from(indices, (index) => weights[index]) },
    ...targets && { targets: { ...targets, paths: indices.map((index) => targets.paths[index]) } },
  };
}

/**
 * The indices of some names among many; of a name that comes twice, the last. A table of all would take as much memory as
 * the names of a million images do.
 *
 * @param names All names.
 * @param wanted Those that are looked for.
 */
export function placesOf(
  names: readonly string[],
  wanted: Iterable<string>,
): ReadonlyMap<string, number> {
  const known = new Set(wanted), places = new Map<string, number>();
  if (known.size === 0) return places;
  names.forEach((name, index) => {
    if (known.has(name)) places.set(name, index);
  });
  return places;
}
