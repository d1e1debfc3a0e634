/**
 * The method. In shapes: B images, 2B global and nB local crops, N patches, D token width, K prototypes, P masked
 * patches, U their upper bound.
 *
 * @module
 */
import { autocast } from "../autograd/autocast.ts";
import { noGrad } from "../autograd/mode.ts";
import { globalCropsLoss, localCropsLoss, pairCount } from "../dino/dino_loss.ts";
import { ibotLoss } from "../dino/ibot_loss.ts";
import { koleoLoss } from "../dino/koleo_loss.ts";
import type { MaskBatch } from "../dino/mask_batch.ts";
import { project } from "../dino/project.ts";
import { updateTeacher } from "../dino/teacher.ts";
import { clipGradNorm } from "../optim/clip_grad_norm.ts";
import type { ScheduledValues } from "../optim/schedules.ts";
import { cat } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { PermutationSource } from "../vit/drop_path.ts";
import type { StepOutputs } from "./diagnostics.ts";
import type { Learner } from "./learner.ts";
import { computeType } from "./precision.ts";

/** What one step learns from. */
export interface TrainingBatch {
  /** `[2B, 3, G, G]`, crop-major: all first crops, then all second ones. */
  globalCrops: Tensor;
  /** `[n B, 3, L, L]`, crop-major; null without local crops. */
  localCrops: Tensor | null;
  /** The masked patches of the global crops; null without the iBOT loss. */
  masks: MaskBatch | null;
  /** Where stochastic depth takes its permutations from. */
  permutation: PermutationSource;
}

/** What one step leaves behind, on the device: nothing has been read. */
export interface StepResult {
  /** Losses as the reference logs them, under its names. */
  losses: Record<string, Tensor>;
  /** Gradient length of each submodule of the student before clipping. */
  gradNorms: Record<string, Tensor>;
  /** What was scheduled. */
  schedule: ScheduledValues;
  /** What the networks gave, for `diagnose`. */
  outputs: StepOutputs;
}

/** One iteration of DINOv2: targets from the teacher, losses, gradients, AdamW, and the teacher follows. */
export function trainStep(learner: Learner, batch: TrainingBatch, iteration: number): StepResult {
  const { config, student, teacher, optimizer } = learner;
  const schedule = learner.scheduled(iteration);
  const precision = { device: learner.device, dtype: computeType(config, learner.device) };
  const { masks } = batch;

  const targets = noGrad(() => {
    const scores = autocast(precision, () => {
      const seen = teacher.backbone.forwardFeatures(batch.globalCrops);
      const cls = cat(seen.xNormClstoken.chunk(2).reverse(), 0); // [2B, D], each crop's partner
      return project(teacher, cls, seen.xNormPatchtokens, masks);
    });
    return {
      cls: learner.dinoTargets.targets(scores.cls, schedule.teacher_temp), // [2B, K]
      patches: scores.patches && learner.ibotTargets.targets(scores.patches, schedule.teacher_temp), // [P, K]
    };
  });

  const { scores, local, cls } = autocast(precision, () => {
    const { localCrops, globalCrops, permutation } = batch;
    const crops = localCrops === null ? [globalCrops] : [globalCrops, localCrops];
    const [whole, parts] = student.backbone.forwardFeatures(crops, {
      masks: [masks?.masks ?? null, null].slice(0, crops.length),
      permutation,
    });
    const cls = whole.xNormClstoken; // [2B, D]
    const all = parts === undefined ? cls : cat([parts.xNormClstoken, cls], 0); // [(n + 2) B, D]
    const scores = project(student, all, whole.xNormPatchtokens, masks);
    return { scores, cls, local: all.shape[0] - cls.shape[0] };
  });

  const { dino, ibot } = config;
  const [localScores, globalScores] = scores.cls.split([local, cls.shape[0]], 0);
  const pairs = pairCount(2 * local / cls.shape[0]);
  const losses: Record<string, Tensor> = {
    dino_global_crops_loss: globalCropsLoss(globalScores, targets.cls).mul(
      pairs.global / pairs.total,
    ),
  };
  let total = losses.dino_global_crops_loss.mul(dino.loss_weight);
  if (local > 0) {
    losses.dino_local_crops_loss = localCropsLoss(localScores, targets.cls).div(pairs.total);
    total = total.add(losses.dino_local_crops_loss.mul(dino.loss_weight));
  }
  if (dino.koleo_loss_weight > 0) {
    const [first, second] = cls.chunk(2).map(koleoLoss);
    const koleo = first.add(second).mul(dino.koleo_loss_weight);
    losses.koleo_loss = koleo.div(2); // the reference logs the mean and optimises the sum
    total = total.add(koleo);
  }
  if (masks !== null) {
    const crops = cls.shape[0];
    const loss = ibotLoss(scores.patches!, targets.patches!, { weights: masks.weights, crops });
    losses.ibot_loss = loss.div(2); // logged at half its weight, like KoLeo
    total = total.add(loss.mul(ibot.loss_weight));
  }

  optimizer.zeroGrad();
  total.backward();
  const gradNorms = Object.fromEntries(
    Object.entries(learner.submodules).map(([name, parameters]) => [
      name,
      clipGradNorm(parameters, config.optim.clip_grad),
    ]),
  );
  const { lr, wd, last_layer_lr: lastLayerLr } = schedule;
  optimizer.step({ lr, wd, lastLayerLr });
  updateTeacher(learner.packed.teacher, learner.packed.student, schedule.mom);

  for (const [name, loss] of Object.entries(losses)) losses[name] = loss.detach();
  const outputs: StepOutputs = {
    targets: targets.cls,
    scores: globalScores.detach(),
    features: cls.detach(),
    masks: masks?.masks ?? null,
  };
  return { losses, gradNorms, schedule, outputs };
}
