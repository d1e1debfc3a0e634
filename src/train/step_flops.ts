import type { Config } from "../config/schema.ts";
import { stepCost, type StepNetworks } from "./step_cost.ts";

/** Floating-point operations of a training step for one image, part by part. */
export interface StepFlops {
  /** The teacher's backbone, forward on both global crops. */
  readonly teacher: number;
  /** The student's backbone, forward and backward on all crops. */
  readonly student: number;
  /** The heads of both, on class tokens and masked patches. */
  readonly heads: number;
}

/** A backward pass computes gradients by inputs and by weights: as much as two forward passes. */
const FORWARD_AND_BACKWARD = 3;

/**
 * Counts the matrix products of a step, 2 m n k each. Norms, softmax, losses, optimiser and augmentation are left out, and
 * so is what several micro-batches compute twice.
 *
 * @param config The run.
 * @param networks Its networks.
 * @param options Whether stochastic depth leaves out what it drops, as it does in training.
 */
export function stepFlops(
  config: Config,
  networks: StepNetworks,
  options: { readonly dropping: boolean },
): StepFlops {
  const { teacher, student, teacherHeads, studentHeads } = stepCost(config, networks, options);
  const images = config.train.batch_size_per_gpu;
  return {
    teacher: teacher.flops / images,
    student: FORWARD_AND_BACKWARD * student.flops / images,
    heads: (teacherHeads.flops + FORWARD_AND_BACKWARD * studentHeads.flops) / images,
  };
}
