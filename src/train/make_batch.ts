import type { Config } from "../config/schema.ts";
import { multiCrop } from "../data/augment/multi_crop.ts";
import type { DecodedImage } from "../data/image.ts";
import { Stream } from "../data/random.ts";
import { type MaskBatch, maskBatch } from "../dino/mask_batch.ts";
import { sampleMasks } from "../dino/masking.ts";
import type { Device } from "../tensor/device.ts";
import type { TrainingBatch } from "./step.ts";

/** Options of {@linkcode makeBatch}. */
export interface MakeBatchOptions {
  /** The step it is for: with the seed it decides everything random. */
  readonly iteration: number;
  /** Where the batch is needed. */
  readonly device: Device;
}

/**
 * Makes what a step learns from: crops, masks and the permutations of stochastic depth. All of it is a pure function of
 * the images, the run's seed and the iteration.
 */
export function makeBatch(
  images: readonly DecodedImage[],
  config: Config,
  { iteration, device }: MakeBatchOptions,
): TrainingBatch {
  const { seed } = config.train;
  const { globalCrops, localCrops } = multiCrop(images, config, { seed, iteration, device });
  const permutations = new Stream(seed, "stochastic depth", iteration);
  return {
    globalCrops,
    localCrops,
    masks: config.ibot.loss_weight > 0
      ? drawMasks(images.length, config, { iteration, device })
      : null,
    permutation: (batch) => permutations.permutation(batch),
  };
}

function drawMasks(images: number, config: Config, options: MakeBatchOptions): MaskBatch {
  const { ibot, crops, student, train } = config;
  const sampled = sampleMasks({
    crops: 2 * images,
    grid: crops.global_crops_size / student.patch_size,
    probability: ibot.mask_sample_probability,
    ratio: ibot.mask_ratio_min_max,
  }, new Stream(train.seed, "masks", options.iteration));
  return maskBatch(sampled, 2 * images, { device: options.device });
}
