import type { Tensor } from "../tensor/tensor.ts";
import { studentLogProbabilities } from "./dino_loss.ts";

/**
 * The cross-entropy at masked patches: mean over the masked patches of a crop, then over all 2B crops, masked or
 * not (section 4 of the DINOv2 paper; reference: `iBOTPatchLoss.forward_masked`).
 *
 * @param student Logits at the masked patches, `[n, K]`.
 * @param targets The teacher's probabilities there, `[n, K]`.
 * @param options `weights`: one over the count of masked patches in each patch's crop, `[n]`; `crops`: 2B.
 */
export function ibotLoss(
  student: Tensor,
  targets: Tensor,
  options: { weights: Tensor; crops: number },
): Tensor {
  const perPatch = studentLogProbabilities(student).mul(targets).sum(-1); // [n]
  return perPatch.mul(options.weights).sum().div(-options.crops);
}
