import { writeSafetensors } from "../../src/checkpoint/safetensors.ts";
import type { DecodedImage } from "../../src/data/image.ts";
import { deviceMemory, resetPeakMemory, synchronize } from "../../src/tensor/device.ts";
import { scope } from "../../src/tensor/scope.ts";
import type { Learner } from "../../src/train/learner.ts";
import { trainStep } from "../../src/train/step.ts";
import type { TrainingBatch } from "../../src/train/training_batch.ts";
import { knownBatch } from "./step_batch.ts";

/** Steps before the first that is timed, here and in PyTorch. */
export const WARM_UP = 2;
/** Numbers the steps after those that were checked. */
const LATER = 10;
const SMALL = { images: 2, rounds: 5 };

/** What a step takes. */
export interface StepTimes {
  /** Milliseconds a step. */
  readonly ms: number;
  /** The most bytes held on the device; null on the CPU. */
  readonly peak: number | null;
}

/** The most bytes that a step of so many images holds on the device. */
export function peakOf(learner: Learner, images: readonly DecodedImage[], count: number): number {
  const { device, config } = learner;
  resetPeakMemory(device);
  scope(() => {
    const { batch } = knownBatch(images, config, { iteration: LATER, count, device });
    trainStep(learner, batch, LATER);
  });
  return deviceMemory(device).peak;
}

/** Measures the step on a batch that is in memory, and writes that batch to `path` where that is given. */
export function timeSteps(
  learner: Learner,
  images: readonly DecodedImage[],
  options: { count: number; iterations: number; rounds: number; path?: string },
): StepTimes {
  const { device, config } = learner;
  const { count, iterations, rounds, path } = options;
  return scope(() => {
    const { batch, tensors } = knownBatch(images, config, { iteration: LATER, count, device });
    if (path !== undefined) writeSafetensors(path, tensors);
    milliseconds(learner, batch, WARM_UP);
    if (device !== "cpu") resetPeakMemory(device);
    const times = Array.from({ length: rounds }, () => milliseconds(learner, batch, iterations));
    const peak = device === "cpu" ? null : deviceMemory(device).peak;
    return { ms: Math.min(...times), peak };
  });
}

/**
 * Milliseconds until the calls of a step have returned. On a batch so small that the device keeps up: a full queue
 * makes the host wait.
 */
export function hostTime(learner: Learner, images: readonly DecodedImage[]): number {
  const { device, config } = learner;
  return scope(() => {
    const { batch } = knownBatch(images, config, {
      iteration: LATER,
      count: SMALL.images,
      device,
    });
    const times = Array.from({ length: SMALL.rounds }, () => {
      synchronize(device);
      const began = performance.now();
      scope(() => void trainStep(learner, batch, LATER));
      return performance.now() - began;
    });
    return Math.min(...times);
  });
}

function milliseconds(learner: Learner, batch: TrainingBatch, steps: number): number {
  synchronize(learner.device);
  const began = performance.now();
  for (let i = 0; i < steps; i++) scope(() => void trainStep(learner, batch, LATER));
  synchronize(learner.device);
  return (performance.now() - began) / steps;
}
