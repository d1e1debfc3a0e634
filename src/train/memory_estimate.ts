import { effectiveBatch } from "../config/effective_batch.ts";
import type { Config } from "../config/schema.ts";
import type { Device } from "../tensor/device.ts";
import { computeType } from "./learner.ts";
import { predictedPatches, stepCost, type StepNetworks } from "./step_cost.ts";

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
  /** Deno and libtorch themselves; 0 on a device of its own memory. */
  readonly process: number;
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

/** What Deno, libtorch with its kernels, and the workers take before a network is built, as measured on two cores. */
const PROCESS = 330 * 2 ** 20;

/** Copies of the student's logits: themselves, their logarithm of softmax, the products with targets, the gradient. */
const STUDENT_LOGITS = 4;

/** Copies of the teacher's logits: themselves, the centred ones, the targets. */
const TEACHER_LOGITS = 3;

/**
 * Estimates the most memory that a run holds, from the sizes of what a step keeps. Images that wait for their turn, at most
 * 512 MiB, come on top.
 *
 * @param config The run.
 * @param networks Its networks; both are the same where the EMA teacher makes the targets.
 * @param device Where it computes.
 */
export function estimateMemory(
  config: Config,
  networks: StepNetworks,
  device: Device,
): MemoryEstimate {
  const { crops, train, ibot, dino, data } = config;
  const { student, teacher } = networks;
  const bytes = computeType(config, device) === "float32" ? FLOAT32 : 2;
  const { embedDim } = student.backbone.options;
  const cost = stepCost(config, networks, { dropping: true });
  const batch = train.batch_size_per_gpu;
  const predicted = predictedPatches(config);
  const pixels = data.channels * (2 * crops.global_crops_size ** 2 +
    crops.local_crops_number * crops.local_crops_size ** 2);
  const bottlenecks = 2 * dino.head_bottleneck_dim +
    predicted / batch * (ibot.separate_head ? ibot : dino).head_bottleneck_dim;
  const ibotPrototypes = ibot.separate_head ? ibot.head_n_prototypes : dino.head_n_prototypes;
  const logits = (rows: number, copies: number, prototypes: number) =>
    rows * copies * prototypes * FLOAT32;
  return {
    weights: FLOAT32 * (2 * student.numel + (teacher === student ? 0 : teacher.numel)),
    optimiser: 3 * FLOAT32 * student.numel,
    activations: cost.student.kept * bytes,
    heads: (cost.studentHeads.kept + cost.teacherHeads.kept) * bytes,
    prototypes:
      logits(batch * (2 + crops.local_crops_number), STUDENT_LOGITS, dino.head_n_prototypes) +
      logits(2 * batch, TEACHER_LOGITS, dino.head_n_prototypes) +
      logits(predicted, STUDENT_LOGITS + TEACHER_LOGITS, ibotPrototypes),
    crops: effectiveBatch(config) * pixels * FLOAT32,
    accumulation: train.accumulate === 1
      ? 0
      : effectiveBatch(config) * (bottlenecks + 2 * embedDim) * FLOAT32,
    process: device === "cpu" ? PROCESS : 0,
  };
}
