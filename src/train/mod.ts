/**
 * Training by self-distillation: a whole run by `train`, or one's own loop around `trainStep`.
 *
 * @example One step on images of noise
 * ```ts
 * import { presets, resolveConfig } from "@deino/deino/config";
 * import { scope } from "@deino/deino/tensor";
 * import { Learner, makeBatch, trainStep } from "@deino/deino/train";
 *
 * const config = resolveConfig(presets.first_light.settings, { train: { batch_size_per_gpu: 2 } });
 * const noise = () => crypto.getRandomValues(new Uint8Array(32 * 32 * 3));
 * const images = [noise(), noise()].map((pixels) => ({ width: 32, height: 32, pixels }));
 * using learner = new Learner(config);
 * scope(() => {
 *   const batch = makeBatch(images, config, { iteration: 0, device: learner.device });
 *   console.log(trainStep(learner, batch, 0).losses.dino_global_crops_loss.item());
 * });
 * ```
 *
 * @module
 */

// A run
export { train, type TrainOptions, type TrainResult } from "./loop.ts";
export { type ImageStream } from "./image_stream.ts";
export { type Progress, type TrainEvent } from "./events.ts";
export { type ProfileSummary, summarizeTrace, type TimeSpent } from "./profile_summary.ts";
export { type MetricsLine } from "./metrics.ts";
export { type Evaluation } from "./evaluation.ts";
export { checkHealth, type RunHealth } from "./run_health.ts";
export { type Condition } from "./condition.ts";
export { type LikelyCause } from "./likely_cause.ts";

// One's own loop
export { Learner, type LearnerOptions } from "./learner.ts";
export { loadInitialWeights } from "./initial_weights.ts";
export { loadFrozenTeacher } from "./frozen_teacher.ts";
export { type CropSource, makeBatch, type MakeBatchOptions } from "./make_batch.ts";
export { type TrainingBatch } from "./training_batch.ts";
export { type StepResult, trainStep } from "./step.ts";
export { diagnose, type StepOutputs } from "./diagnostics.ts";

// One's own step
export { type Targets, teacherPass } from "./teacher_pass.ts";
export { type Prediction, studentPass } from "./student_pass.ts";
export { type Losses, lossesOf, type LossInputs } from "./losses.ts";

// Before a run
export { type Plan, type PlannedValues, planRun } from "./plan.ts";
export { measureRun, type RunFlops, type RunSizes } from "./run_sizes.ts";
export { gigabytes, type ImageSizes, type MemoryEstimate, totalMemory } from "./memory_estimate.ts";
export { type StepFlops } from "./step_flops.ts";
export { checkMemory } from "./check_memory.ts";
export { availableMemory } from "./device_memory.ts";
export { foreseenSizes, isBuiltinData, openTrainingImages } from "./training_data.ts";
export { withStatistics } from "./run_normalization.ts";

// After a run
export { readRunConfig, type RunConfig } from "./run_config.ts";
export { isChangeable } from "./changeable.ts";
