import { resolve } from "@std/path";
import { evalTransform, type EvalTransformOptions } from "../data/augment/eval_transform.ts";
import type { BrokenFile } from "../data/broken_files.ts";
import type { ImageFolder } from "../data/folder.ts";
import type { DecodedImage } from "../data/image.ts";
import { EvaluationSet, type EvaluationSetOptions } from "../features/evaluation_set.ts";
import { backboneEmbedding, type FrozenBackbone } from "../features/embedding.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { captioned } from "./caption.ts";
import { readImages } from "./image_sample.ts";
import { legibleFactor, magnify } from "./magnify.ts";
import { nearestNeighbours } from "./nearest_neighbours.ts";
import { contactSheet } from "./contact_sheet.ts";
import { shownColors } from "./shown_colors.ts";

/** An image and those nearest to it. */
export interface NearestImages {
  /** The image's path in the folder of queries. */
  readonly query: string;
  /** The others' paths in the folder searched, and cosine similarities, the nearest first. */
  readonly neighbours: readonly { readonly path: string; readonly similarity: number }[];
}

/** What {@linkcode neighbourSheet} gives. */
export interface NeighbourSheet {
  /** For each query its neighbours. */
  readonly nearest: readonly NearestImages[];
  /** A row for each: the query, then its neighbours over their similarity. Dispose of it when done. */
  readonly picture: Tensor;
  /** Files that could not be decoded and take no part, as full paths. */
  readonly brokenFiles: readonly BrokenFile[];
}

/** Options of {@linkcode neighbourSheet}. */
export interface NeighbourSheetOptions extends
  EvalTransformOptions,
  Pick<
    EvaluationSetOptions,
    "imageSize" | "channels" | "exif" | "batchSize" | "workers" | "onNote"
  > {
  /** Neighbours of each query. Default: 5. */
  neighbours?: number;
  /** Called with the number of images searched so far. Default: ignored. */
  onProgress?: (done: number) => void;
}

/**
 * Finds the images nearest to some by the cosine between their class tokens, and shows them as the network saw them:
 * by default short side resized and centre cropped, as the reference evaluates. An image is not its own neighbour.
 *
 * @param backbone The network, and what its images are normalised by.
 * @param queries The images to find neighbours of.
 * @param folder The images to search.
 * @param options Numbers and sizes.
 * @throws {RangeError} If there are fewer images than neighbours asked for.
 * @throws {Error} If too many files are broken, or a folder cannot be read.
 */
export async function neighbourSheet(
  backbone: FrozenBackbone,
  queries: ImageFolder,
  folder: ImageFolder,
  options: NeighbourSheetOptions = {},
): Promise<NeighbourSheet> {
  const { neighbours: count = 5, imageSize = 224 } = options;
  const { onProgress, ...seen } = { ...options, imageSize };
  const asked = await embed(backbone, queries, seen);
  const searched = await embed(backbone, folder, { ...seen, onProgress }).catch((error) => {
    asked.features.dispose();
    throw error;
  });
  let nearest: NearestImages[];
  try {
    const places = new Map(searched.paths.map((path, i) => [resolve(folder.root, path), i]));
    const self = asked.paths.map((path) => places.get(resolve(queries.root, path)));
    nearest = nearestNeighbours(asked.features, searched.features, { count, self })
      .map((found, i) => ({
        query: asked.paths[i],
        neighbours: found.map(({ index, similarity }) => ({
          path: searched.paths[index],
          similarity,
        })),
      }));
  } finally {
    asked.features.dispose();
    searched.features.dispose();
  }
  const shown = await readNamed(queries, nearest.map(({ query }) => query), options);
  const others = nearest.flatMap(({ neighbours }) => neighbours.map(({ path }) => path));
  const found = await readNamed(folder, [...new Set(others)], options);
  const picture = scope(() => {
    const view = (image: DecodedImage) =>
      magnify(shownColors(evalTransform(image, imageSize, options)), legibleFactor(imageSize));
    return contactSheet(nearest.map(({ query, neighbours }) => [
      view(shown.get(query)!),
      ...neighbours.map(({ path, similarity }) => captioned(view(found.get(path)!), similarity)),
    ]));
  });
  const broken = [...asked.brokenFiles, ...searched.brokenFiles];
  const byPath = new Map(broken.map((file) => [file.path, file])); // queries may be searched too
  return { nearest, picture, brokenFiles: [...byPath.values()] };
}

/** Features of length 1 of the images of a folder that can be decoded. */
async function embed(
  backbone: FrozenBackbone,
  folder: ImageFolder,
  { onProgress, ...options }: NeighbourSheetOptions,
): Promise<{ features: Tensor; paths: string[]; brokenFiles: BrokenFile[] }> {
  using set = new EvaluationSet(folder, { ...options, keepBytes: 0 });
  const { device } = backbone.model.clsToken;
  const { features } = await set.features(backboneEmbedding(backbone), {
    device,
    onProgress,
  });
  const broken = new Set(set.brokenFiles.map(({ path }) => path));
  return {
    features,
    paths: folder.paths.filter((path) => !broken.has(path)),
    brokenFiles: set.brokenFiles.map(({ path, reason }) => ({
      path: resolve(folder.root, path),
      reason,
    })),
  };
}

async function readNamed(
  folder: ImageFolder,
  paths: readonly string[],
  { channels, exif, workers }: NeighbourSheetOptions,
): Promise<Map<string, DecodedImage>> {
  const { images } = await readImages(folder, paths, { channels, exif, workers });
  return new Map(images.map(({ path, image }) => [path, image]));
}
