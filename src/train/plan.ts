import { effectiveBatch } from "../config/effective_batch.ts";
import type { Config } from "../config/schema.ts";
import { backboneOptions } from "../dino/network.ts";
import { type ScheduledValues, schedulesOf, totalIterations } from "../optim/schedules.ts";
import type { Device } from "../tensor/device.ts";
import { architectures } from "../vit/architectures.ts";
import { forwardFlops } from "../vit/forward_flops.ts";
import type { VisionTransformerOptions } from "../vit/options.ts";
import { countParameters } from "../vit/parameter_shapes.ts";
import { openFrozenTeacher } from "./frozen_teacher.ts";
import { openInitialWeights } from "./initial_weights.ts";
import { estimateMemory, type MemoryEstimate } from "./memory_estimate.ts";
import { computeType } from "./precision.ts";
import { type StepFlops, stepFlops } from "./step_flops.ts";

/** What a run would do, known without doing it. */
export interface Plan {
  /** Iterations in the run. */
  readonly iterations: number;
  /** Images that a step learns from. */
  readonly effectiveBatch: number;
  /** Images that go through the run, each counted every time. */
  readonly imagesSeen: number;
  /** Values in the parameters of the student, submodule by submodule; the EMA teacher has as many. */
  readonly parameters: Readonly<Record<string, number>>;
  /** Values in the parameters of a frozen teacher; 0 where the EMA teacher makes the targets. */
  readonly teacherParameters: number;
  /** Schedule values at 0, 1, 10, 50 and 100 % of the run. */
  readonly schedule: readonly PlannedValues[];
  /** What a step is expected to hold. */
  readonly memory: MemoryEstimate;
  /** Floating-point operations for an image. */
  readonly flops: PlannedFlops;
}

/** Floating-point operations for an image, a multiplication and its addition counted as two. */
export interface PlannedFlops {
  /** The backbone's forward pass on one global crop. */
  readonly forward: number;
  /** A training step in which stochastic depth computes nothing of what it drops. */
  readonly step: StepFlops;
  /** The same without stochastic depth. */
  readonly stepWithoutDropping: StepFlops;
}

/** Schedule values at a place of the run. */
export interface PlannedValues extends ScheduledValues {
  /** The place in percent. */
  readonly percent: number;
  /** The iteration, counted from 0. */
  readonly iteration: number;
}

const PERCENTS = [0, 1, 10, 50, 100];

/**
 * Works out what a run would do. Builds no network; of files with weights only the headers are read.
 *
 * @param config The run.
 * @param device Where it would run: on the CPU products are computed in float32 unless asked otherwise. Default: the CPU.
 * @throws {Error} If weights that it names cannot be used.
 */
export function planRun(config: Config, device: Device = "cpu"): Plan {
  const iterations = totalIterations(config);
  const scheduled = schedulesOf(config);
  const parameters = studentParameters(config);
  if (config.student.pretrained_weights !== "") openInitialWeights(config)[Symbol.dispose]();
  const teacher = config.teacher.pretrained_weights === "" ? null : frozenTeacher(config);
  const teacherParameters = teacher?.parameters ?? 0;
  return {
    iterations,
    effectiveBatch: effectiveBatch(config),
    imagesSeen: iterations * effectiveBatch(config),
    parameters,
    teacherParameters,
    schedule: PERCENTS.map((percent) => {
      const iteration = Math.min(iterations - 1, Math.round(iterations * percent / 100));
      return { percent, iteration, ...scheduled(iteration) };
    }),
    memory: estimateMemory(config, {
      parameters: Object.values(parameters).reduce((sum, count) => sum + count, 0),
      teacherParameters,
      bytes: computeType(config, device) === "float32" ? 4 : 2,
    }),
    flops: {
      forward: forwardFlops(backboneOptions(config), config.crops.global_crops_size),
      step: stepFlops(config, { dropping: true, teacher: teacher?.backbone }),
      stepWithoutDropping: stepFlops(config, { dropping: false, teacher: teacher?.backbone }),
    },
  };
}

function studentParameters(config: Config): Record<string, number> {
  const { embedDim } = architectures[config.student.arch];
  const { dino, ibot } = config;
  return {
    backbone: countParameters(backboneOptions(config)),
    dino_head: countHeadParameters(embedDim, dino),
    ...(ibot.loss_weight > 0 && ibot.separate_head && {
      ibot_head: countHeadParameters(embedDim, ibot),
    }),
  };
}

/** What a frozen teacher adds to a run. */
function frozenTeacher(
  config: Config,
): { parameters: number; backbone: VisionTransformerOptions } {
  using teacher = openFrozenTeacher(config);
  const { options: { backbone }, parameters } = teacher;
  return { parameters, backbone };
}

/** The layers of a projection head, in the configuration's names. */
type HeadSizes = Pick<
  Config["dino"],
  "head_n_prototypes" | "head_bottleneck_dim" | "head_nlayers" | "head_hidden_dim"
>;

function countHeadParameters(width: number, head: HeadSizes): number {
  const hidden = Array<number>(head.head_nlayers - 1).fill(head.head_hidden_dim);
  const widths = [width, ...hidden, head.head_bottleneck_dim];
  const layers = widths.slice(1).map((outputs, i) => (widths[i] + 1) * outputs);
  // The prototypes have a direction and a length each, and no bias.
  const prototypes = head.head_n_prototypes * (head.head_bottleneck_dim + 1);
  return layers.reduce((sum, count) => sum + count, prototypes);
}
