import { effectiveBatch } from "../config/effective_batch.ts";
import type { Config } from "../config/schema.ts";
import { batchesHeld } from "../data/crop_loader.ts";
import { usualWorkers } from "../data/decode_pool.ts";
import { bytesPerPixel } from "../data/image.ts";
import { CACHE_BYTES } from "../data/image_cache.ts";
import { KEEP_BYTES } from "../features/evaluation_set.ts";
import type { Device } from "../tensor/device.ts";
import { computeType } from "./learner.ts";
import { predictedPatchCount, stepCost, type StepNetworks } from "./step_cost.ts";

/** Bytes that a run is expected to hold, part by part. */
export interface MemoryEstimate {
  /** Weights of the student, the EMA teacher and a frozen teacher. */
  readonly weights: number;
  /** Gradients, and AdamW's two moments. */
  readonly optimiser: number;
  /** What the student's blocks keep for the backward pass. */
  readonly activations: number;
  /** What the heads keep for the backward pass, and both networks' prototypes of unit length. */
  readonly heads: number;
  /** Logits over the prototypes, with their targets and gradients. */
  readonly prototypes: number;
  /** The crops of all micro-batches. */
  readonly crops: number;
  /** What several micro-batches hold of each other: bottlenecks of the teacher, class tokens; 0 for a single one. */
  readonly accumulation: number;
  /** Crops made ahead, images kept decoded, images kept for evaluations; 0 on a device of its own memory. */
  readonly images: number;
  /** Deno, libtorch and the workers themselves; 0 on a device of its own memory. */
  readonly process: number;
}

/** The images of a run, as far as memory depends on them. */
export interface ImageSizes {
  /** Bytes of all training images once decoded. */
  readonly decoded: number;
  /** Images of each set that is evaluated in the course of training. */
  readonly evaluated: readonly number[];
}

/** The sum of the parts. */
export function totalMemory(memory: MemoryEstimate): number {
  return Object.values(memory).reduce((sum: number, bytes: number) => sum + bytes, 0);
}

/** Bytes in three digits, such as 1.25 GB. */
export function gigabytes(bytes: number): string {
  return `${Number((bytes / 2 ** 30).toPrecision(3))} GB`;
}

const FLOAT32 = 4;

/** What Deno and libtorch with its kernels take before a network is built, as measured. */
const PROCESS = 230 * 2 ** 20;

/** What a worker takes that decodes photographs, likewise. */
const WORKER = 38 * 2 ** 20;

/** How much more than is kept the backward pass takes on the CPU: gradients, and gaps between tensors; as measured. */
const BACKWARD = 1.2;

/** Copies of the student's logits: themselves, their logarithm of softmax, the products with targets, the gradient. */
const STUDENT_LOGITS = 4;

/** Copies of the teacher's logits: themselves, the centred ones, the targets. */
const TEACHER_LOGITS = 3;

/**
 * Estimates the most memory that a run holds, from the sizes of what a step keeps.
 *
 * @param config The run.
 * @param networks Its networks; both are the same where the EMA teacher makes the targets.
 * @param device Where it computes.
 * @param images Its images. Default: as many as are kept at most, and none to evaluate.
 */
export function estimateMemory(
  config: Config,
  networks: StepNetworks,
  device: Device,
  images: ImageSizes = { decoded: Infinity, evaluated: [] },
): MemoryEstimate {
  const { crops, train, ibot, dino, data } = config;
  const { student, teacher } = networks;
  const bytes = computeType(config, device) === "float32" ? FLOAT32 : 2;
  const { embedDim } = student.backbone.options;
  const cost = stepCost(config, networks, { dropping: true });
  const batch = train.batch_size_per_gpu;
  const predicted = predictedPatchCount(config);
  const pixels = data.channels * (2 * crops.global_crops_size ** 2 +
    crops.local_crops_number * crops.local_crops_size ** 2);
  const cropBytes = effectiveBatch(config) * pixels * FLOAT32;
  const bottlenecks = 2 * dino.head_bottleneck_dim +
    predicted / batch * (ibot.separate_head ? ibot : dino).head_bottleneck_dim;
  const ibotPrototypes = ibot.separate_head ? ibot.head_n_prototypes : dino.head_n_prototypes;
  const logits = (rows: number, copies: number, prototypes: number) =>
    rows * copies * prototypes * FLOAT32;
  return {
    weights: FLOAT32 * (2 * student.numel + (teacher === student ? 0 : teacher.numel)),
    optimiser: 3 * FLOAT32 * student.numel,
    activations: cost.student.kept * bytes * (device === "cpu" ? BACKWARD : 1),
    heads: (cost.studentHeads.kept + cost.teacherHeads.kept) * bytes,
    prototypes:
      logits(batch * (2 + crops.local_crops_number), STUDENT_LOGITS, dino.head_n_prototypes) +
      logits(2 * batch, TEACHER_LOGITS, dino.head_n_prototypes) +
      logits(predicted, STUDENT_LOGITS + TEACHER_LOGITS, ibotPrototypes),
    crops: cropBytes,
    accumulation: train.accumulate === 1
      ? 0
      : effectiveBatch(config) * (bottlenecks + 2 * embedDim) * FLOAT32,
    images: device === "cpu" ? cropBytes * batchesHeld(cropBytes) + keptBytes(config, images) : 0,
    process: device === "cpu" ? PROCESS + WORKER * (train.num_workers || usualWorkers()) : 0,
  };
}

/** Bytes of images that are kept from one time to the next. */
function keptBytes(
  { data: { channels }, evaluation, crops }: Config,
  { decoded, evaluated }: ImageSizes,
): number {
  const side = evaluation.image_size || crops.global_crops_size;
  const bytes = side ** 2 * bytesPerPixel(channels);
  const sets = evaluated.map((count) => Math.min(KEEP_BYTES, count * bytes));
  return sets.reduce((sum, set) => sum + set, Math.min(CACHE_BYTES, decoded));
}
