/**
 * The method. In shapes: B images, 2B global and nB local crops, N patches, D token width, K prototypes, P masked
 * patches, U their upper bound.
 *
 * @module
 */
import { updateTeacher } from "../dino/teacher.ts";
import { clipGradNorm } from "../optim/clip_grad_norm.ts";
import type { ScheduledValues } from "../optim/schedules.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { StepOutputs } from "./diagnostics.ts";
import type { Learner } from "./learner.ts";
import { lossesOf, sumLosses } from "./losses.ts";
import { rehearse } from "./rehearse.ts";
import { studentPass } from "./student_pass.ts";
import { teacherPass } from "./teacher_pass.ts";
import { partsOf, type TrainingBatch } from "./training_batch.ts";

/** What one step leaves behind, on the device: nothing has been read. */
export interface StepResult {
  /** Losses as the reference logs them, under its names. */
  losses: Record<string, Tensor>;
  /** Gradient length of each submodule of the student before clipping. */
  gradNorms: Record<string, Tensor>;
  /** What was scheduled. */
  schedule: ScheduledValues;
  /** What the networks gave for the last part of the batch, for `diagnose`. */
  outputs: StepOutputs;
}

/**
 * One iteration of DINOv2: targets from the teacher, losses, gradients, AdamW, and the average follows.
 *
 * @param learner What learns.
 * @param batch What it learns from. In several parts of one size it is the same step, to rounding, as in one: the targets,
 * KoLeo's neighbours and every mean are those of the whole batch. Only subsets of stochastic depth are drawn in each part.
 * @param iteration Its number, counted from 0.
 * @throws {TypeError} If there is no part, or they are not of one size.
 */
export function trainStep(
  learner: Learner,
  batch: TrainingBatch | readonly TrainingBatch[],
  iteration: number,
): StepResult {
  const { config, optimizer, scaler } = learner;
  const schedule = learner.scheduled(iteration);
  const { parts, features } = rehearse(learner, partsOf(batch));
  const targetsOf = teacherPass(learner, parts, schedule.teacher_temp);

  optimizer.zeroGrad();
  const passes = parts.map((part, i) =>
    scope(() => {
      const targets = targetsOf(i);
      const prediction = studentPass(learner, part);
      const { logged, total } = lossesOf(config, {
        prediction,
        targets,
        weights: part.masks?.weights ?? null,
        parts: parts.length,
        others: features.filter((_, other) => other !== i),
      });
      (scaler?.scale(total) ?? total).backward();
      features[i] = prediction.features.detach().clone(); // a view would hold all tokens
      return {
        logged,
        features: features[i],
        outputs: i < parts.length - 1 ? null : {
          targets: targets.cls,
          scores: prediction.global.detach(),
          features: features[i],
          masks: part.masks?.masks ?? null,
          lossScale: scaler && scaler.lossScale.clone(),
        },
      };
    })
  );

  const overflow = scaler?.unscale(learner.packed.student);
  const gradNorms = Object.fromEntries(
    Object.entries(learner.submodules).map(([name, parameters]) => [
      name,
      clipGradNorm(parameters, config.optim.clip_grad),
    ]),
  );
  const { lr, wd, last_layer_lr: lastLayerLr, mom } = schedule;
  optimizer.step({ lr, wd, lastLayerLr, overflow });
  scaler?.update();
  updateTeacher(learner.packed.average, learner.packed.student, mom);

  const losses = sumLosses(passes.map((pass) => pass.logged));
  return { losses, gradNorms, schedule, outputs: passes.at(-1)!.outputs! };
}
