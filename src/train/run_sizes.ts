import type { Config } from "../config/schema.ts";
import { Network, networkOptions } from "../dino/network.ts";
import { type Device, onDevice } from "../tensor/device.ts";
import { openFrozenTeacher } from "./frozen_teacher.ts";
import { openInitialWeights } from "./initial_weights.ts";
import {
  estimateMemory,
  type ImageSizes,
  type MemoryEstimate,
  totalMemory,
} from "./memory_estimate.ts";
import type { StepNetworks } from "./step_cost.ts";
import { type StepFlops, stepFlops } from "./step_flops.ts";

/** How large the networks and the steps of a run are. */
export interface RunSizes {
  /** Values in the parameters of the student, submodule by submodule; the EMA teacher has as many. */
  readonly parameters: Readonly<Record<string, number>>;
  /** Values in the parameters of a frozen teacher; 0 where the EMA teacher makes the targets. */
  readonly teacherParameters: number;
  /** What a step is expected to hold. */
  readonly memory: MemoryEstimate;
  /** Floating-point operations for an image. */
  readonly flops: RunFlops;
}

/** Floating-point operations for an image, a multiplication and its addition counted as two. */
export interface RunFlops {
  /** The backbone's forward pass on one global crop. */
  readonly forward: number;
  /** A training step in which stochastic depth computes nothing of what it drops. */
  readonly step: StepFlops;
  /** The same without stochastic depth. */
  readonly stepWithoutDropping: StepFlops;
}

/**
 * Measures the networks of a run, which are built without memory; of files with weights only the headers are read.
 *
 * @param config The run.
 * @param device Where it would run: on the CPU products are computed in float32 unless asked otherwise. Default: the CPU.
 * @param images Its images. Default: as {@linkcode estimateMemory} has it.
 * @throws {Error} If weights that it names cannot be used.
 */
export function measureRun(
  config: Config,
  device: Device = "cpu",
  images?: ImageSizes,
): RunSizes {
  if (config.student.pretrained_weights !== "") openInitialWeights(config)[Symbol.dispose]();
  return withNetworks(config, (networks) => {
    const { student, teacher } = networks;
    const side = config.crops.global_crops_size;
    return {
      parameters: Object.fromEntries(
        Array.from(student.namedChildren(), ([name, part]) => [name, part.numel]),
      ),
      teacherParameters: teacher === student ? 0 : teacher.numel,
      memory: estimateMemory(config, networks, device, images),
      flops: {
        forward: student.backbone.cost({ batch: 1, side }).flops,
        step: stepFlops(config, networks, { dropping: true }),
        stepWithoutDropping: stepFlops(config, networks, { dropping: false }),
      },
    };
  });
}

/**
 * The most bytes that a run is expected to hold.
 *
 * @throws {Error} If the weights of a frozen teacher cannot be used.
 */
export function measureMemory(config: Config, device: Device, images?: ImageSizes): number {
  return withNetworks(
    config,
    (networks) => totalMemory(estimateMemory(config, networks, device, images)),
  );
}

/** Builds the networks of a run without memory; both are one where the EMA teacher makes the targets. */
function withNetworks<T>(config: Config, measure: (networks: StepNetworks) => T): T {
  using student = onDevice("meta", () => new Network(networkOptions(config)));
  if (config.teacher.pretrained_weights === "") return measure({ student, teacher: student });
  using opened = openFrozenTeacher(config);
  using teacher = onDevice("meta", () => new Network(opened.options));
  return measure({ student, teacher });
}
