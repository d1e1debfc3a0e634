import { noGradScope } from "../autograd/mode.ts";
import { studentLogProbabilities } from "../dino/dino_loss.ts";
import { normalize } from "../nn/functional.ts";
import { ones, zeros } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** What a step's networks gave for the global crops, outside the graph. */
export interface StepOutputs {
  /** The teacher's probabilities, each row for the other crop of its image, `[2B, K]`. */
  readonly targets: Tensor;
  /** The student's logits, `[2B, K]`. */
  readonly logits: Tensor;
  /** The student's class tokens, `[2B, D]`, crop-major. */
  readonly features: Tensor;
  /** True where a patch was masked, `[2B, N]`; null where none was. */
  readonly masks: Tensor | null;
  /** The loss scale of float16; null in other types. */
  readonly lossScale: Tensor | null;
}

/** Least divisor, and least value that a logarithm is taken of. */
const EPS = 1e-12;

/**
 * Measures whether networks distinguish images. Nothing is read and no shape depends on values: the host does not wait
 * for the device.
 *
 * @returns 0-d tensors by the names they are logged under, entropies in nats:
 * `teacher_entropy` of a target, mean over the batch, at most ln K;
 * `target_kl`, the divergence of the student's probabilities from the targets;
 * `target_information` that a target holds about its image, 0 when all are alike, at most ln 2B;
 * `prototypes_used`, how many are the most likely one of some target;
 * `effective_rank` of the features of one crop of each image, see {@linkcode effectiveRank};
 * `mean_cosine` of these features, over all pairs of images;
 * `masked_share` of all patches;
 * `loss_scale` of float16.
 */
export function diagnose(outputs: StepOutputs): Record<string, Tensor> {
  const { targets, logits, features, masks, lossScale } = outputs;
  return noGradScope(() => {
    const ofTargets = entropy(targets).mean();
    const crossEntropy = studentLogProbabilities(logits).mul(targets).sum(-1).mean().neg();
    const [first] = features.to({ dtype: "float32" }).chunk(2); // [B, D]
    return {
      teacher_entropy: ofTargets,
      target_kl: crossEntropy.sub(ofTargets),
      target_information: entropy(targets.mean(0)).sub(ofTargets),
      prototypes_used: prototypesUsed(targets),
      effective_rank: effectiveRank(first),
      mean_cosine: meanCosine(first),
      ...(masks !== null && { masked_share: masks.to({ dtype: "float32" }).mean() }),
      ...(lossScale !== null && { loss_scale: lossScale.clone() }),
    };
  });
}

/** `[..., K]` to `[...]`, in nats. */
function entropy(probabilities: Tensor): Tensor {
  return probabilities.clamp({ min: EPS }).log().mul(probabilities).sum(-1).neg();
}

function prototypesUsed(targets: Tensor): Tensor {
  const [rows, prototypes] = targets.shape;
  const { device } = targets;
  const votes = zeros([prototypes], { device })
    .indexAdd(0, targets.argmax(-1), ones([rows], { device })); // [K]
  return votes.clamp({ max: 1 }).sum();
}

/**
 * In how many directions features spread: `(Σλ)² / Σλ²` over the eigenvalues λ of their covariance, the exponential of
 * its Rényi entropy of order 2, from 1 to the lesser of D and B - 1, or 0 when all are equal. Both sums are norms, so no
 * eigenvalue is computed: libtorch's decompositions wait for the device. `[B, D]` to a number.
 */
function effectiveRank(features: Tensor): Tensor {
  const centred = features.sub(features.mean(0, { keepdim: true }));
  const sum = centred.pow(2).sum(); // Σλ, up to a factor that both have
  const ofSquares = centred.matmul(centred.t()).pow(2).sum();
  return sum.pow(2).div(ofSquares.clamp({ min: EPS ** 2 }));
}

/** From the length of the sum of all directions: no pair is looked at. `[B, D]` to a number, 0 for a single image. */
function meanCosine(features: Tensor): Tensor {
  const images = features.shape[0];
  const squared = normalize(features).sum(0).pow(2).sum();
  return squared.sub(images).div(Math.max(1, images * (images - 1)));
}
