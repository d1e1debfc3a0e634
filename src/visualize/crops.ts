import { effectiveBatch } from "../config/effective_batch.ts";
import type { Config } from "../config/schema.ts";
import { denormalizeImages, normalizationOf } from "../data/augment/normalize.ts";
import { imageTensor, resizedCrop } from "../data/augment/resize.ts";
import type { ImageFolder } from "../data/folder.ts";
import type { DecodedImage } from "../data/image.ts";
import { trainingBatches } from "../data/loader.ts";
import { tensor, where } from "../tensor/create.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { makeBatch } from "../train/make_batch.ts";
import { decodingOf } from "../train/training_data.ts";
import { legibleFactor, magnify } from "./magnify.ts";
import { contactSheet } from "./contact_sheet.ts";
import { shownColors } from "./shown_colors.ts";

const ITERATION = 0;
/** Violet, rare in photographs, stands for the mask token. */
const MASK_COLOR = [124, 58, 200];
/** How much of the image shows through it. */
const TRANSLUCENCE = 0.2;
/** Longest side of an image beside its crops, over that of a crop. */
const LONGEST = 2;

/**
 * Reads the images that a run begins with: its first batch, or all images where there are fewer.
 *
 * @param folder The images.
 * @param config The run.
 * @throws {Error} If too many files are broken.
 */
export async function firstBatch(
  folder: ImageFolder,
  config: Config,
): Promise<readonly DecodedImage[]> {
  const { train, data } = config;
  using loader = trainingBatches(folder, {
    seed: train.seed,
    batchSize: Math.min(effectiveBatch(config), folder.paths.length),
    workers: train.num_workers || undefined,
    ...decodingOf(data),
    maxBrokenFraction: data.max_broken_fraction,
    cacheBytes: 0,
  });
  for await (const { images } of loader) return images;
  return [];
}

/**
 * Shows images as the networks see them in the first step of a run: the same crops and masks, bit for bit on the CPU.
 *
 * @param batch The images of the step; see {@linkcode firstBatch}.
 * @param config The run.
 * @param count How many of them to show, or all where there are fewer.
 * @returns `[3, H, W]`, uint8; a row for each image: the image, the two global crops with the patches that iBOT hides
 * from the student in violet, the local crops.
 */
export function cropSheet(
  batch: readonly DecodedImage[],
  config: Config,
  count: number,
): Tensor {
  const { crops, student, train } = config;
  const size = crops.global_crops_size;
  const grid = size / student.patch_size;
  const factor = legibleFactor(size);
  return scope(() => {
    const inOne: Config = { ...config, train: { ...train, accumulate: 1 } }; // crops and masks are the same in parts
    const [made] = makeBatch(batch, inOne, { iteration: ITERATION, device: "cpu" });
    const normalization = normalizationOf(config.data);
    const picturesOf = (crops: Tensor) => shownColors(denormalizeImages(crops, normalization));
    const globals = picturesOf(made.globalCrops); // [2B, 3, G, G]
    const masks = made.masks?.masks?.reshape([-1, grid, grid]); // [2B, g, g]
    const hidden = masks ? hide(globals, magnify(masks, student.patch_size)) : globals;
    const locals = made.localCrops && picturesOf(made.localCrops); // [n B, 3, L, L]
    // Crops of an image lie a batch apart: first all first crops, then all second ones.
    const ofImage = (all: Tensor | null, image: number) =>
      all?.reshape([-1, batch.length, ...all.shape.slice(1)]).select(1, image).unbind(0) ?? [];
    return contactSheet(
      batch.slice(0, count).map((image, i) =>
        [thumbnail(image, size), ...ofImage(hidden, i), ...ofImage(locals, i)]
          .map((picture) => magnify(picture, factor))
      ),
    );
  });
}

/** Covers what is masked: crops `[n, 3, G, G]`, uint8, masks `[n, G, G]`. */
function hide(crops: Tensor, masks: Tensor): Tensor {
  const color = tensor(MASK_COLOR, { shape: [1, 3, 1, 1] });
  const hidden = color.lerp(crops.to({ dtype: "float32" }), TRANSLUCENCE).round();
  return where(masks.unsqueeze(1), hidden.to({ dtype: "uint8" }), crops);
}

/** The whole image, as high as a crop or, where it is very wide, as wide as two. */
function thumbnail(image: DecodedImage, size: number): Tensor {
  const { width, height } = image;
  const scale = Math.min(size / height, LONGEST * size / width);
  const side = (length: number) => Math.max(1, Math.round(scale * length));
  const whole = { top: 0, left: 0, height, width };
  return shownColors(resizedCrop(imageTensor(image), whole, [side(height), side(width)]));
}
