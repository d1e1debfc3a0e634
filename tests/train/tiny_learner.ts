import { resolveConfig } from "../../src/config/resolve.ts";
import type { Settings } from "../../src/config/schema.ts";
import { Stream } from "../../src/random/stream.ts";
import { maskBatch } from "../../src/dino/mask_batch.ts";
import { sampleMasks } from "../../src/vit/masking.ts";
import { backboneOptions, networkOptions } from "../../src/dino/network.ts";
import type { Device } from "../../src/tensor/device.ts";
import { randn } from "../../src/tensor/random.ts";
import { Learner } from "../../src/train/learner.ts";
import type { TrainingBatch } from "../../src/train/training_batch.ts";

const IMAGES = 2;
const GRID = 4;

const head = { head_n_prototypes: 32, head_hidden_dim: 32, head_bottleneck_dim: 16 };
const tiny: Settings = {
  student: { arch: "vit_nano", patch_size: 8, drop_path_rate: 0.3 },
  dino: head,
  ibot: { ...head, separate_head: true },
  train: { batch_size_per_gpu: IMAGES, OFFICIAL_EPOCH_LENGTH: 1000 },
  optim: { epochs: 1, warmup_epochs: 0, freeze_last_layer_epochs: 0 },
  teacher: { warmup_teacher_temp_epochs: 0 },
  crops: { global_crops_size: 8 * GRID, local_crops_size: 8, local_crops_number: 2 },
};

/** A learner of one block with every loss and stochastic depth, whose step costs little more than its calls. */
export function tinyLearner(device: Device, settings: Settings = {}): Learner {
  const config = resolveConfig(tiny, settings);
  const backbone = { ...backboneOptions(config), embedDim: 16, depth: 1, numHeads: 1 };
  return new Learner(config, { device, network: { ...networkOptions(config), backbone } });
}

/** Noise for it to learn from. */
export function noiseBatch(iteration: number, device: Device): TrainingBatch {
  const stream = new Stream(0, "memory", iteration);
  const masks = sampleMasks(
    { crops: 2 * IMAGES, grid: GRID, probability: 0.5, ratio: [0.1, 0.5] },
    stream,
  );
  return {
    globalCrops: randn([2 * IMAGES, 3, 8 * GRID, 8 * GRID], { device }),
    localCrops: randn([2 * IMAGES, 3, 8, 8], { device }),
    masks: maskBatch(masks, 2 * IMAGES, { device }),
    permutation: (size) => stream.permutation(size),
  };
}
