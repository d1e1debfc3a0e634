import { effectiveBatch } from "../config/effective_batch.ts";
import type { Config } from "../config/schema.ts";
import { maskUpperbound } from "../dino/masking.ts";
import { backboneOptions } from "../dino/network.ts";
import { keptCount } from "../vit/drop_path.ts";
import { forwardFlops } from "../vit/forward_flops.ts";
import { dropPathRates, resolveOptions, type VisionTransformerOptions } from "../vit/options.ts";

/** Floating-point operations of a training step for one image, part by part. */
export interface StepFlops {
  /** The teacher's backbone, forward on both global crops. */
  readonly teacher: number;
  /** The student's backbone, forward and backward on all crops. */
  readonly student: number;
  /** The heads of both, on class tokens and masked patches. */
  readonly heads: number;
}

/** Options of {@linkcode stepFlops}. */
export interface StepFlopsOptions {
  /** Whether stochastic depth leaves out what it drops, as it does in training. */
  readonly dropping: boolean;
  /** The backbone that teaches. Default: one like the student's. */
  readonly teacher?: VisionTransformerOptions;
}

/** A backward pass computes gradients by inputs and by weights: as much as two forward passes. */
const FORWARD_AND_BACKWARD = 3;

/**
 * Counts the matrix products of a step, 2 m n k each; see `forwardFlops`. Norms, softmax, losses, optimiser and
 * augmentation are left out, and so is what a batch in several parts computes twice. A frozen teacher's heads are taken to
 * be as the student's.
 *
 * @param config The run.
 * @param options What is dropped, and who teaches.
 */
export function stepFlops(config: Config, options: StepFlopsOptions): StepFlops {
  const { crops, train } = config;
  const backbone = backboneOptions(config);
  const { dropping, teacher = backbone } = options;
  const rates = dropPathRates(resolveOptions(backbone));
  const student = (perImage: number, side: number) => {
    const batch = perImage * train.batch_size_per_gpu;
    const kept = dropping ? rates.map((rate) => keptCount(batch, rate) / batch) : [];
    return perImage === 0 ? 0 : perImage * forwardFlops(backbone, side, { kept });
  };
  return {
    teacher: 2 * forwardFlops(teacher, crops.global_crops_size),
    student: FORWARD_AND_BACKWARD *
      (student(2, crops.global_crops_size) +
        student(crops.local_crops_number, crops.local_crops_size)),
    heads: headFlops(config),
  };
}

/** Both heads of both networks; patches come padded to the most that can be predicted. */
function headFlops(config: Config): number {
  const { crops, dino, ibot, student } = config;
  const images = effectiveBatch(config);
  const { embedDim } = resolveOptions(backboneOptions(config));
  const grid = crops.global_crops_size / student.patch_size;
  const masked = maskUpperbound({
    crops: 2 * images,
    grid,
    probability: ibot.mask_sample_probability,
    ratio: ibot.mask_ratio_min_max,
  }) / images;
  const predicted = ibot.mask_sample_probability === 0 ? 2 * grid ** 2 : masked;
  const patches = ibot.loss_weight === 0 ? 0 : predicted;
  const cls = 2 + FORWARD_AND_BACKWARD * (2 + crops.local_crops_number);
  return cls * rowFlops(embedDim, dino) +
    (1 + FORWARD_AND_BACKWARD) * patches * rowFlops(embedDim, ibot.separate_head ? ibot : dino);
}

/** One token through a head. */
function rowFlops(width: number, head: Config["dino"] | Config["ibot"]): number {
  const hidden = Array<number>(head.head_nlayers - 1).fill(head.head_hidden_dim);
  const widths = [width, ...hidden, head.head_bottleneck_dim, head.head_n_prototypes];
  return widths.slice(1).reduce((sum, outputs, i) => sum + 2 * widths[i] * outputs, 0);
}
