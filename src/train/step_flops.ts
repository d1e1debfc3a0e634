import { effectiveBatch } from "../config/effective_batch.ts";
import type { Config } from "../config/schema.ts";
import { maskUpperbound } from "../dino/masking.ts";
import { backboneOptions } from "../dino/network.ts";
import { keptCount } from "../vit/drop_path.ts";
import { forwardFlops } from "../vit/forward_flops.ts";
import { dropPathRates, resolveOptions } from "../vit/options.ts";

/** Floating-point operations of a training step for one image, part by part. */
export interface StepFlops {
  /** The teacher's backbone, forward on both global crops. */
  readonly teacher: number;
  /** The student's backbone, forward and backward on all crops. */
  readonly student: number;
  /** The heads of both, on class tokens and masked patches. */
  readonly heads: number;
}

/** A backward pass computes gradients by inputs and by weights: as much as two forward passes. */
const FORWARD_AND_BACKWARD = 3;

/**
 * Counts the matrix products of a step, 2 m n k each; see `forwardFlops`. Norms, softmax, losses, optimiser and
 * augmentation are left out, and so is what a batch in several parts computes twice.
 *
 * @param config The run.
 * @param options `dropping`: whether stochastic depth leaves out what it drops, as it does in training.
 */
export function stepFlops(config: Config, { dropping }: { dropping: boolean }): StepFlops {
  const { crops, train } = config;
  const backbone = backboneOptions(config);
  const rates = dropPathRates(resolveOptions(backbone));
  const student = (perImage: number, side: number) => {
    const batch = perImage * train.batch_size_per_gpu;
    const kept = dropping ? rates.map((rate) => keptCount(batch, rate) / batch) : [];
    return perImage === 0 ? 0 : perImage * forwardFlops(backbone, side, { kept });
  };
  return {
    teacher: 2 * forwardFlops(backbone, crops.global_crops_size),
    student: FORWARD_AND_BACKWARD *
      (student(2, crops.global_crops_size) +
        student(crops.local_crops_number, crops.local_crops_size)),
    heads: headFlops(config),
  };
}

/** Both heads of both networks; patches come padded to the most that can be masked. */
function headFlops(config: Config): number {
  const { crops, dino, ibot, student } = config;
  const images = effectiveBatch(config);
  const { embedDim } = resolveOptions(backboneOptions(config));
  const patches = ibot.loss_weight === 0 ? 0 : maskUpperbound({
    crops: 2 * images,
    grid: crops.global_crops_size / student.patch_size,
    probability: ibot.mask_sample_probability,
    ratio: ibot.mask_ratio_min_max,
  }) / images;
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
