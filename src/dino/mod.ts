/**
 * The method's parts: networks with heads, the losses, what makes targets, and masks.
 *
 * @example Targets and a loss of two images, each in two crops, over 8 prototypes
 * ```ts
 * import { globalCropsLoss, sinkhornKnopp } from "@deino/deino/dino";
 * import { randn, scope } from "@deino/deino/tensor";
 *
 * scope(() => {
 *   const teacher = randn([4, 8]), student = randn([4, 8]); // [2B, K]
 *   const targets = sinkhornKnopp.fit([() => teacher], 0.07)(teacher);
 *   console.log(globalCropsLoss(student, targets).item());
 * });
 * ```
 *
 * @module
 */

// Networks
export { Network, type NetworkOptions, networkOptions } from "./network.ts";
export { DinoHead, type DinoHeadOptions, Prototypes } from "./head.ts";
export { updateTeacher } from "./teacher.ts";

// Losses
export { globalCropsLoss, localCropsLoss } from "./dino_loss.ts";
export { ibotLoss } from "./ibot_loss.ts";
export { koleoLoss } from "./koleo_loss.ts";

// Targets
export { sinkhornKnopp } from "./sinkhorn.ts";
export { SoftmaxCentering } from "./softmax_centering.ts";
export { type LogitParts, type TargetMaker } from "./target_maker.ts";

// Masks
export { everyPatch, type MaskBatch, maskBatch } from "./mask_batch.ts";
export {
  type MaskOptions,
  type MaskStream,
  type SampledMasks,
  sampleMasks,
} from "../vit/masking.ts";
