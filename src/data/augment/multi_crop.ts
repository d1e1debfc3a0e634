import { stack, tensor } from "../../tensor/create.ts";
import type { Device } from "../../tensor/device.ts";
import { numel } from "../../tensor/dtype.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { DecodedImage } from "../image.ts";
import { type CropBuffer, makeCrops } from "../pixels/crops.ts";
import { applyViews } from "./apply_view.ts";
import { CropLayout } from "./crop_layout.ts";
import { type CropSeed, drawCrops, type DrawnCrop } from "./draw_crops.ts";
import { byteNormalization, normalizationOf, normalizeImages } from "./normalize.ts";
import type { CropSettings } from "./recipe.ts";
import { imageTensor, resizedCrop } from "./resize.ts";
import { areSmall, type ImageCrop, smallCrops } from "./small_crops.ts";

/** Crops that were drawn before, as by {@linkcode drawCrops}, or by hand. */
export interface GivenCrops {
  /** The crops of each image: two global ones, then the local ones. */
  readonly drawn: readonly (readonly DrawnCrop[])[];
}

/** Options of {@linkcode multiCrop}: a seed, or what was drawn. */
export type MultiCropOptions = (CropSeed | GivenCrops) & {
  /** Where the crops are made. Default: the CPU. */
  readonly device?: Device;
};

/** The crops of a batch of B images, crop-major: first all first crops, then all second ones. */
export interface Crops {
  /** `[2B, C, G, G]`. */
  globalCrops: Tensor;
  /** `[n B, C, L, L]`; null without local crops. */
  localCrops: Tensor | null;
}

/**
 * Makes the crops of a training batch, by the reference's recipe (`dinov2/data/augmentations.py`). Images of red, green and
 * blue bytes are cropped in native code on the processor, as the loader's workers do; others by tensors on the device. The
 * same draws give the same crops.
 *
 * @throws {RangeError} If crops are given whose number or sizes are not those of the settings, or that reach beyond an image.
 */
export function multiCrop(
  images: readonly DecodedImage[],
  settings: CropSettings,
  options: MultiCropOptions,
): Crops {
  const { device = "cpu" } = options;
  const drawn = "drawn" in options ? options.drawn : drawFrom(images, settings, options);
  checkDrawn(drawn, images, settings);
  if (images.every(isRgbBytes)) return cropNatively(images, drawn, settings, device);
  const normalization = normalizationOf(settings.data);
  return scope(() => {
    const cut = cutter(images, device);
    const make = (numbers: readonly number[]) => {
      const draws = numbers.flatMap((number) =>
        drawn.map((ofImage, image) => ({ image, ...ofImage[number].draw }))
      );
      const views = cut(draws, drawn[0][numbers[0]].size);
      applyViews(views, draws);
      return normalizeImages(views, normalization);
    };
    const locals = Array.from({ length: settings.crops.local_crops_number }, (_, i) => 2 + i);
    return { globalCrops: make([0, 1]), localCrops: locals.length > 0 ? make(locals) : null };
  });
}

function drawFrom(
  images: readonly DecodedImage[],
  settings: CropSettings,
  { seed, iteration, place = 0 }: CropSeed,
): DrawnCrop[][] {
  return images.map((image, i) =>
    drawCrops(image, settings, { seed, iteration, place: place + i })
  );
}

function checkDrawn(
  drawn: readonly (readonly DrawnCrop[])[],
  images: readonly DecodedImage[],
  { crops }: CropSettings,
): void {
  const sizes = [
    ...Array(2).fill(crops.global_crops_size),
    ...Array(crops.local_crops_number).fill(crops.local_crops_size),
  ];
  if (drawn.length !== images.length) {
    throw new RangeError(`Cannot crop ${images.length} images by draws for ${drawn.length}`);
  }
  drawn.forEach((ofImage, i) => {
    const own = ofImage.map(({ size }) => size);
    if (own.join() !== sizes.join()) {
      throw new RangeError(
        `Cannot crop image ${i} to sides of ${own.join(", ")}: the settings say ${
          sizes.join(", ")
        }`,
      );
    }
    const { width, height } = images[i];
    for (const { draw: { box } } of ofImage) {
      const isInside = box.top >= 0 && box.left >= 0 && box.height > 0 && box.width > 0 &&
        box.top + box.height <= height && box.left + box.width <= width;
      if (isInside) continue;
      throw new RangeError(
        `Cannot cut ${box.width}x${box.height} pixels at ${box.left}, ${box.top} out of image ${i}, ` +
          `which has ${width}x${height}`,
      );
    }
  });
}

function isRgbBytes({ pixels, width, height }: DecodedImage): boolean {
  return pixels instanceof Uint8Array && pixels.length === 3 * width * height;
}

function cropNatively(
  images: readonly DecodedImage[],
  drawn: readonly (readonly DrawnCrop[])[],
  settings: CropSettings,
  device: Device,
): Crops {
  const layout = new CropLayout(settings, { images: images.length, microBatches: 1 });
  const values = new Float32Array(layout.microBatchLength);
  const by = byteNormalization(normalizationOf(settings.data));
  images.forEach((image, i) => {
    const offsets = layout.offsets(i);
    makeCrops(image, drawn[i].map((crop, k) => ({ ...crop, offset: offsets[k] })), by, values);
  });
  return uploadCrops(values, layout, { device });
}

/** The crops of one micro-batch, copied out of the buffer of a batch. */
export function uploadCrops(
  values: CropBuffer,
  layout: CropLayout,
  { microBatch = 0, device }: { microBatch?: number; device: Device },
): Crops {
  const upload = (kind: 0 | 1) => {
    const { offset, shape } = layout.group(microBatch, kind);
    const length = numel(shape);
    const own = values.subarray(offset, offset + length) as Float32Array<ArrayBuffer>;
    return tensor(own, { shape, device });
  };
  return {
    globalCrops: upload(0),
    localCrops: layout.group(microBatch, 1).shape[0] > 0 ? upload(1) : null,
  };
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
