/**
 * Optimisers, schedules and what keeps gradients in bounds.
 *
 * @example A step of AdamW
 * ```ts
 * import { Linear } from "@deino/deino/nn";
 * import { AdamW } from "@deino/deino/optim";
 * import { ones, scope } from "@deino/deino/tensor";
 *
 * using model = new Linear(4, 1);
 * const optimizer = new AdamW([{ parameters: model.parameters() }]);
 * optimizer.zeroGrad();
 * scope(() => model.forward(ones([8, 4])).pow(2).mean().backward());
 * optimizer.step({ lr: 1e-3, wd: 0.04 });
 * ```
 *
 * @module
 */

// Optimisers
export { AdamW, type AdamWOptions, type AdamWStep } from "./adamw.ts";
export { Sgd, type SgdOptions, type SgdParameter } from "./sgd.ts";
export { lbfgs, type LbfgsOptions, type LbfgsResult, type Objective } from "./lbfgs.ts";
export { type GroupOptions, type ParameterGroup, parameterGroups } from "./param_groups.ts";

// Gradients
export { clipGradNorm } from "./clip_grad_norm.ts";
export { GradScaler } from "./grad_scaler.ts";
export { packHandles } from "./packed.ts";

// Schedules
export {
  type CosineOptions,
  cosineSchedule,
  linearSchedule,
  type Schedule,
  type ScheduledValues,
  schedulesOf,
  totalIterations,
} from "./schedules.ts";
export { type WarmUpOptions, withLinearWarmup } from "./linear_warmup.ts";
