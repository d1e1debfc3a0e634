import { stack } from "../../tensor/create.ts";
import type { Device } from "../../tensor/device.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { DecodedImage } from "../image.ts";
import { Stream } from "../../random/stream.ts";
import { applyViews } from "./apply_view.ts";
import { normalizeImages } from "./normalize.ts";
import { type CropSettings, drawView, viewRecipes } from "./recipe.ts";
import { normalizationOf } from "./normalization_of.ts";
import { imageTensor, resizedCrop } from "./resize.ts";
import { areSmall, type ImageCrop, smallCrops } from "./small_crops.ts";

/** Options of {@linkcode multiCrop}. */
export interface MultiCropOptions {
  /** The run's seed. */
  readonly seed: number;
  /** The step the crops are for. With the seed and an image's place in the batch it decides everything random. */
  readonly iteration: number;
  /** The place of the first image, where these are a part of a batch. Default: 0. */
  readonly place?: number;
  /** Where the crops are made. Default: the CPU. */
  readonly device?: Device;
}

/** The crops of a batch of B images, crop-major: first all first crops, then all second ones. */
export interface Crops {
  /** `[2B, C, G, G]`. */
  globalCrops: Tensor;
  /** `[n B, C, L, L]`; null without local crops. */
  localCrops: Tensor | null;
}

/** Makes the crops of a training batch on the device, by the reference's recipe (`dinov2/data/augmentations.py`). */
export function multiCrop(
  images: readonly DecodedImage[],
  settings: CropSettings,
  options: MultiCropOptions,
): Crops {
  const { seed, iteration, place = 0, device = "cpu" } = options;
  const normalization = normalizationOf(settings.data);
  const { global1, global2, local } = viewRecipes(settings);
  const locals = Array<typeof local>(settings.crops.local_crops_number).fill(local);
  return scope(() => {
    const streams = images.map((_, i) => new Stream(seed, "augment", iteration, place + i));
    const cut = cutter(images, device);
    const make = (recipes: readonly (typeof local)[]) => {
      const draws = recipes.flatMap((recipe) =>
        images.map((image, i) => ({
          image: i,
          ...drawView(image, recipe, settings.augmentation, streams[i]),
        }))
      );
      const views = cut(draws, recipes[0].size);
      applyViews(views, draws);
      return normalizeImages(views, normalization);
    };
    return {
      globalCrops: make([global1, global2]),
      localCrops: locals.length > 0 ? make(locals) : null,
    };
  });
}

/** How crops are cut out of images: `[n, C, S, S]`, from 0 to 255 in float32. */
function cutter(
  images: readonly DecodedImage[],
  device: Device,
): (crops: readonly ImageCrop[], size: number) => Tensor {
  if (areSmall(images)) return (crops, size) => smallCrops(images, crops, size, { device });
  const sources = images.map((image) => imageTensor(image, { device }));
  return (crops, size) =>
    stackFloats(crops.map(({ image, box }) => resizedCrop(sources[image], box, [size, size])));
}

/** Images of one size as float32. One conversion does where all are of one type, which images of 8 and 16 bits are not. */
function stackFloats(images: readonly Tensor[]): Tensor {
  const isMixed = images.some(({ dtype }) => dtype !== images[0].dtype);
  const floats = isMixed ? images.map((image) => image.to({ dtype: "float32" })) : images;
  return stack(floats).to({ dtype: "float32" });
}
