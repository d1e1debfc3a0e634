import { logSoftmax } from "../nn/functional.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** The student's temperature, fixed in the reference. */
export const STUDENT_TEMPERATURE = 0.1;

/** The logarithms of the student's probabilities, in float32 whatever the logits' type. `[n, K]` to `[n, K]`. */
export function studentLogProbabilities(logits: Tensor): Tensor {
  const wide = logits.dtype === "float64" ? logits : logits.to({ dtype: "float32" });
  return logSoftmax(wide.div(STUDENT_TEMPERATURE), -1);
}

/**
 * The cross-entropy of global crops with the other global crop of their image, mean over the crops.
 *
 * @param student Logits of the global crops, `[2B, K]`, crop-major.
 * @param targets Probabilities for each of them: the teacher's for the other crop, `[2B, K]`.
 */
export function globalCropsLoss(student: Tensor, targets: Tensor): Tensor {
  return studentLogProbabilities(student).mul(targets).sum().div(-student.shape[0]);
}

/**
 * The cross-entropies of every local crop with both global crops of its image: means over the images, summed over
 * the pairs. One product with the sum of the two targets stands for two.
 *
 * @param student Logits of the local crops, `[n B, K]`, crop-major.
 * @param targets The teacher's probabilities for the global crops, `[2B, K]`.
 */
export function localCropsLoss(student: Tensor, targets: Tensor): Tensor {
  const batch = targets.shape[0] / 2;
  const both = targets.reshape([2, batch, -1]).sum(0); // [B, K]
  return studentLogProbabilities(student)
    .reshape([-1, batch, both.shape[1]]) // [n, B, K]
    .mul(both).sum().div(-batch);
}

/** The pairs of crops that the DINO loss is a mean over: 2 of global crops, 2 for each local crop, at least 1. */
export function pairCount(localCrops: number): { global: number; total: number } {
  return { global: 2, total: 2 + Math.max(2 * localCrops, 1) };
}
