import type { Config } from "../config/schema.ts";
import { type Crops, multiCrop } from "../data/augment/multi_crop.ts";
import type { DecodedImage } from "../data/image.ts";
import { Stream } from "../random/stream.ts";
import { everyPatch, type MaskBatch, maskBatch } from "../dino/mask_batch.ts";
import { sampleMasks, splitMasks } from "../vit/masking.ts";
import type { Device } from "../tensor/device.ts";
import type { TrainingBatch } from "./training_batch.ts";

/** Options of {@linkcode makeBatch}. */
export interface MakeBatchOptions {
  /** The step it is for: seed and step determine everything random. */
  readonly iteration: number;
  /** The device of the batch. */
  readonly device: Device;
}

/** The crops of a batch. */
export interface CropSource {
  /** Images of the whole batch. */
  readonly images: number;
  /** The crops of a micro-batch on the device. */
  cropsOf(microBatch: number): Crops;
}

/**
 * Makes the batch of a step: crops, masks and the permutations of stochastic depth. All of it is a pure function of
 * the images, the run's seed and the iteration. Crops and masks do not depend on the number of micro-batches.
 *
 * @param batch The images of the whole batch, a multiple of `train.accumulate`, or their crops.
 * @returns `train.accumulate` micro-batches, in the order of the images.
 */
export function makeBatch(
  batch: readonly DecodedImage[] | CropSource,
  config: Config,
  { iteration, device }: MakeBatchOptions,
): TrainingBatch[] {
  const { seed, accumulate } = config.train;
  const source = "cropsOf" in batch ? batch : croppedNow(batch, config, { iteration, device });
  const permutations = new Stream(seed, "stochastic depth", iteration);
  const masks = drawMasks(source.images, config, { iteration, device });
  return Array.from({ length: accumulate }, (_, microBatch) => ({
    ...source.cropsOf(microBatch),
    masks: masks[microBatch] ?? null,
    permutation: (size) => permutations.permutation(size),
  }));
}

/** Images whose crops are made when they are asked for. */
export function croppedNow(
  images: readonly DecodedImage[],
  config: Config,
  { iteration, device }: MakeBatchOptions,
): CropSource {
  const { seed, accumulate } = config.train;
  const perMicroBatch = images.length / accumulate;
  return {
    images: images.length,
    cropsOf(microBatch) {
      const place = microBatch * perMicroBatch;
      const own = images.slice(place, place + perMicroBatch);
      return multiCrop(own, config, { seed, iteration, place, device });
    },
  };
}

/** The masks of each micro-batch. Where no crop is masked, the iBOT loss is of every patch, and nothing is needed without it. */
function drawMasks(
  images: number,
  config: Config,
  { iteration, device }: MakeBatchOptions,
): MaskBatch[] {
  const { ibot, crops, student, train } = config;
  const grid = crops.global_crops_size / student.patch_size;
  const globalCrops = 2 * images / train.accumulate;
  if (ibot.mask_sample_probability === 0) {
    const count = ibot.loss_weight > 0 ? train.accumulate : 0;
    return Array.from({ length: count }, () => everyPatch(globalCrops, grid ** 2, { device }));
  }
  const sampled = sampleMasks({
    crops: 2 * images,
    grid,
    probability: ibot.mask_sample_probability,
    ratio: ibot.mask_ratio_min_max,
  }, new Stream(train.seed, "masks", iteration));
  return splitMasks(sampled, train.accumulate)
    .map((each) => maskBatch(each, globalCrops, { device }));
}
