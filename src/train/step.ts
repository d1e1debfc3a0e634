/**
 * The method. In shapes: B images, 2B global and nB local crops, N patches, D token width, K prototypes, P masked
 * patches, U their upper bound.
 *
 * @module
 */
import { updateTeacher } from "../dino/teacher.ts";
import { clipGradNorm } from "../optim/clip_grad_norm.ts";
import type { ScheduledValues } from "../optim/schedules.ts";
import { recordFunction } from "../tensor/profiler.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { StepOutputs } from "./diagnostics.ts";
import { type CachedBatch, cacheFeatures } from "./gradient_cache.ts";
import { type Learned, learnFrom } from "./learn_from.ts";
import type { Learner } from "./learner.ts";
import { sumLosses } from "./losses.ts";
import { teacherPass } from "./teacher_pass.ts";
import { microBatchesOf, type TrainingBatch } from "./training_batch.ts";

/** The results of a step, on the device: nothing has been read. */
export interface StepResult {
  /** Losses as the reference logs them, under its names. */
  losses: Record<string, Tensor>;
  /** Gradient norm of each submodule of the student before clipping. */
  gradNorms: Record<string, Tensor>;
  /** The scheduled values. */
  schedule: ScheduledValues;
  /** Outputs of the networks for the last micro-batch, for `diagnose`. */
  outputs: StepOutputs;
}

/**
 * One iteration of DINOv2: targets from the teacher, losses, gradients, AdamW, and the EMA teacher follows.
 *
 * @param learner The trainer state.
 * @param batch The batch to learn from. In several micro-batches it is the same step, to rounding, as in one: the targets,
 * KoLeo's neighbours and every mean are those of the whole batch. Only subsets of stochastic depth are drawn in each.
 * @param iteration Its number, counted from 0.
 * @param onGradients Called when the gradients are there, before they are clipped. Default: nothing is.
 * @throws {TypeError} If there is no micro-batch, or they are not of one size.
 */
export function trainStep(
  learner: Learner,
  batch: TrainingBatch | readonly TrainingBatch[],
  iteration: number,
  onGradients?: () => void,
): StepResult {
  const schedule = learner.scheduled(iteration);
  const cached = cacheFeatures(learner, microBatchesOf(batch));
  const targetsOf = teacherPass(learner, cached.microBatches, schedule.teacher_temp);
  learner.optimizer.zeroGrad();
  const learned = accumulate(cached, (i) => learnFrom(learner, cached, i, targetsOf(i)));
  onGradients?.();
  const gradNorms = updateStudent(learner, schedule);
  updateTeacher(learner.packed.emaTeacher, learner.packed.student, schedule.mom);
  return { ...learned, gradNorms, schedule };
}

/** Learns from micro-batches in turn: losses add up; outputs are large, and only the last are kept. */
function accumulate(
  { microBatches, features }: CachedBatch,
  learn: (index: number) => Learned,
): Learned {
  const last = microBatches.length - 1;
  const earlier = microBatches.slice(0, last).map((_, i) =>
    scope(() => ({ losses: learn(i).losses, features: features[i] }))
  );
  const { losses, outputs } = scope(() => learn(last));
  return { losses: sumLosses([...earlier.map((each) => each.losses), losses]), outputs };
}

/** Clips the gradients of each submodule and takes a step of AdamW, unless float16 overflowed. */
function updateStudent(
  { config, optimizer, scaler, packed, submodules }: Learner,
  { lr, wd, last_layer_lr: lastLayerLr }: ScheduledValues,
): Record<string, Tensor> {
  return recordFunction("optimizer", () => {
    const overflow = scaler?.unscale(packed.student);
    const gradNorms = Object.fromEntries(
      Object.entries(submodules).map(([name, parameters]) => [
        name,
        clipGradNorm(parameters, config.optim.clip_grad),
      ]),
    );
    optimizer.step({ lr, wd, lastLayerLr, overflow });
    scaler?.update();
    return gradNorms;
  });
}
