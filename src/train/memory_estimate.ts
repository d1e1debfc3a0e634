import { effectiveBatch } from "../config/effective_batch.ts";
import type { Config } from "../config/schema.ts";
import { architectures } from "../vit/architectures.ts";

/** Bytes that a run is expected to hold, part by part. */
export interface MemoryEstimate {
  /** Weights of the student, the EMA teacher and a frozen teacher. */
  readonly weights: number;
  /** Gradients, and AdamW's two moments. */
  readonly optimiser: number;
  /** What the student's blocks keep for the backward pass. */
  readonly activations: number;
  /** Logits over the prototypes, with their targets and gradients. */
  readonly prototypes: number;
  /** The crops of a batch in several parts, and the teacher's bottlenecks; 0 for one in a single part. */
  readonly accumulation: number;
}

const FLOAT32 = 4;

/**
 * Values that a block keeps for each token, in multiples of the token width: two norms with their inputs (4), queries, keys
 * and values (3), attention (1), its projection, scaled and added (2), the hidden layer before and after GELU (8), its
 * projection, scaled (2).
 */
const KEPT_WIDTHS = 20;

/** Copies of the student's logits: themselves, their logarithm of softmax, the products with targets, the gradient. */
const STUDENT_LOGITS = 4;

/** Copies of the teacher's logits: themselves, the centred ones, the targets. */
const TEACHER_LOGITS = 3;

/** What {@linkcode estimateMemory} needs to know beside the configuration. */
export interface MemoryFacts {
  /** Values in the student's parameters. */
  readonly parameters: number;
  /** Values in those of a frozen teacher; 0 without one. */
  readonly teacherParameters: number;
  /** Bytes of a value in products. */
  readonly bytes: number;
}

/**
 * Estimates the memory of a step from the sizes of what is kept; libtorch and the images come on top.
 *
 * @param config The run.
 * @param facts Its networks and what they compute in.
 */
export function estimateMemory(
  config: Config,
  { parameters, teacherParameters, bytes }: MemoryFacts,
): MemoryEstimate {
  const { student, crops, train, ibot, dino, data } = config;
  const { embedDim, depth } = architectures[student.arch];
  const patches = (side: number) => (side / student.patch_size) ** 2;
  const tokens = (side: number) => 1 + student.num_register_tokens + patches(side);
  const batch = train.batch_size_per_gpu;
  const allTokens = batch * (2 * tokens(crops.global_crops_size) +
    crops.local_crops_number * tokens(crops.local_crops_size));
  const predicted = ibot.loss_weight === 0
    ? 0
    : 2 * batch * patches(crops.global_crops_size) * predictedShare(ibot);
  const pixels = data.channels * (2 * crops.global_crops_size ** 2 +
    crops.local_crops_number * crops.local_crops_size ** 2);
  const bottlenecks = 2 * dino.head_bottleneck_dim +
    predicted / batch * (ibot.separate_head ? ibot : dino).head_bottleneck_dim;
  const ibotPrototypes = ibot.separate_head ? ibot.head_n_prototypes : dino.head_n_prototypes;
  const logits = (rows: number, copies: number, prototypes: number) =>
    rows * copies * prototypes * FLOAT32;
  return {
    weights: FLOAT32 * (2 * parameters + teacherParameters),
    optimiser: 3 * FLOAT32 * parameters,
    activations: allTokens * depth * KEPT_WIDTHS * embedDim * bytes,
    prototypes:
      logits(batch * (2 + crops.local_crops_number), STUDENT_LOGITS, dino.head_n_prototypes) +
      logits(2 * batch, TEACHER_LOGITS, dino.head_n_prototypes) +
      logits(predicted, STUDENT_LOGITS + TEACHER_LOGITS, ibotPrototypes),
    accumulation: train.accumulate === 1
      ? 0
      : effectiveBatch(config) * (pixels + bottlenecks + 2 * embedDim) * FLOAT32,
  };
}

/** The mean share of a batch's patches that the student predicts: those masked or, where no crop is, all. */
function predictedShare(
  { mask_sample_probability: crops, mask_ratio_min_max: [low, high] }: Config["ibot"],
): number {
  return crops === 0 ? 1 : crops * (low + high) / 2;
}
