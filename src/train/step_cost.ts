import { effectiveBatch } from "../config/effective_batch.ts";
import type { Config } from "../config/schema.ts";
import { maskUpperbound } from "../vit/masking.ts";
import type { DinoHead } from "../dino/head.ts";
import type { Network } from "../dino/network.ts";
import { type Cost, sumCosts } from "../nn/cost.ts";

/** What the forward passes over a micro-batch cost, network by network. */
interface StepCost {
  /** The teacher's backbone, on the global crops. */
  readonly teacher: Cost;
  /** The student's backbone, on all crops. */
  readonly student: Cost;
  /** The teacher's heads, on class tokens and predicted patches. */
  readonly teacherHeads: Cost;
  /** The student's heads, likewise. */
  readonly studentHeads: Cost;
}

/** The networks of a step; built on the meta device they take no memory. */
export interface StepNetworks {
  /** The student. */
  readonly student: Network;
  /** What makes the targets. */
  readonly teacher: Network;
}

/**
 * Adds up what a step's forward passes cost, from what each module counts for itself.
 *
 * @param config The run.
 * @param networks Its networks.
 * @param options Whether stochastic depth leaves out what it drops, as it does in training.
 */
export function stepCost(
  config: Config,
  { student, teacher }: StepNetworks,
  { dropping }: { readonly dropping: boolean },
): StepCost {
  const { crops, train } = config;
  const batch = train.batch_size_per_gpu;
  const globalCrops = { batch: 2 * batch, side: crops.global_crops_size };
  const localCrops = { batch: crops.local_crops_number * batch, side: crops.local_crops_size };
  const patches = predictedPatchCount(config);
  return {
    teacher: teacher.backbone.cost(globalCrops),
    student: sumCosts(
      [globalCrops, localCrops].map((group) => student.backbone.cost(group, { dropping })),
    ),
    teacherHeads: headCost(teacher, globalCrops.batch, patches),
    studentHeads: headCost(student, globalCrops.batch + localCrops.batch, patches),
  };
}

/** Patches of a micro-batch that heads see: padded to the most that can be masked, all where none is, 0 without iBOT. */
export function predictedPatchCount({ crops, ibot, student, train }: Config): number {
  if (ibot.loss_weight === 0) return 0;
  const grid = crops.global_crops_size / student.patch_size;
  if (ibot.mask_sample_probability === 0) return 2 * train.batch_size_per_gpu * grid ** 2;
  return maskUpperbound({
    crops: 2 * effectiveBatch({ train }),
    grid,
    probability: ibot.mask_sample_probability,
    ratio: ibot.mask_ratio_min_max,
  }) / train.accumulate;
}

function headCost({ dinoHead, ibotHead }: Network, cls: number, patches: number): Cost {
  const passes: [DinoHead, number][] = ibotHead === null
    ? [[dinoHead, cls + patches]]
    : [[dinoHead, cls], [ibotHead, patches]];
  return sumCosts(passes.map(([head, rows]) => head.cost(rows)));
}
