import type { AutocastOptions } from "../autograd/autocast.ts";
import type { Config } from "../config/schema.ts";
import { Network, type NetworkOptions, networkOptions } from "../dino/network.ts";
import { sinkhornKnopp } from "../dino/sinkhorn.ts";
import { SoftmaxCentering } from "../dino/softmax_centering.ts";
import type { TargetMaker } from "../dino/target_maker.ts";
import { AdamW } from "../optim/adamw.ts";
import { GradScaler } from "../optim/grad_scaler.ts";
import { packHandles } from "../optim/packed.ts";
import { parameterGroups } from "../optim/param_groups.ts";
import { type ScheduledValues, schedulesOf } from "../optim/schedules.ts";
import type { Device } from "../tensor/device.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Options of {@linkcode Learner}. */
export interface LearnerOptions {
  /** Where everything lives. Default: "cpu". */
  device?: Device;
  /** The student. Default: what the configuration asks for. */
  network?: NetworkOptions;
  /** A frozen teacher; it is disposed of with the learner. Default: the EMA teacher makes the targets. */
  teacher?: Network;
  /** Makes targets of class and patch tokens alike. Default: what `train.centering` asks for. */
  targets?: TargetMaker;
}

/** The trainer state: student, EMA teacher, optimiser, loss scale, centres; and the schedules that drive them. */
export class Learner implements Disposable {
  /** The run's settings. */
  readonly config: Config;
  /** Where everything lives. */
  readonly device: Device;
  /** Device and dtype of its matrix products. */
  readonly precision: AutocastOptions;
  /** Trained by gradients. */
  readonly student: Network;
  /** The student's exponential moving average, which is the result of a run. Never masked, without stochastic depth and gradients. */
  readonly emaTeacher: Network;
  /** Makes targets: the EMA teacher or, where a run distils, a frozen network. */
  readonly teacher: Network;
  /** Updates the student. */
  readonly optimizer: AdamW;
  /** Scales losses in float16; null in wider types, which need none. */
  readonly scaler: GradScaler | null;
  /** Makes targets of class tokens. */
  readonly dinoTargets: TargetMaker;
  /** Makes targets of patch tokens. */
  readonly ibotTargets: TargetMaker;
  /** The student's parameters, packed for each submodule: gradients are clipped one by one. */
  readonly submodules: Readonly<Record<string, BigUint64Array<ArrayBuffer>>>;
  /** All parameters in one order, for the moving average. */
  readonly packed: Readonly<Record<"student" | "emaTeacher", BigUint64Array<ArrayBuffer>>>;
  readonly #schedules: (iteration: number) => ScheduledValues;

  /** Builds everything for iteration 0; the EMA teacher starts as a copy of the student. */
  constructor(config: Config, options: LearnerOptions = {}) {
    const { device = "cpu", network = networkOptions(config), targets } = options;
    this.config = config;
    this.device = device;
    this.precision = { device, dtype: computeType(config, device) };
    this.student = new Network(network).to({ device }).train();
    const still = { ...network, backbone: { ...network.backbone, dropPathRate: 0 } };
    this.emaTeacher = new Network(still).to({ device }).eval();
    this.emaTeacher.loadStateDict(this.student.stateDict());
    for (const parameter of this.emaTeacher.parameters()) parameter.requiresGrad = false;
    this.teacher = options.teacher ?? this.emaTeacher;

    const { layerwise_decay, patch_embed_lr_mult, adamw_beta1, adamw_beta2 } = config.optim;
    const groups = parameterGroups(this.student.namedParameters(), {
      depth: this.student.backbone.options.depth,
      layerwiseDecay: layerwise_decay,
      patchEmbedLrMult: patch_embed_lr_mult,
    });
    this.optimizer = new AdamW(groups, { beta1: adamw_beta1, beta2: adamw_beta2 });
    this.scaler = this.precision.dtype === "float16" ? new GradScaler({ device }) : null;
    this.submodules = Object.fromEntries(
      Array.from(
        this.student.namedChildren(),
        ([name, part]) => [name, packHandles(part.parameters())],
      ),
    );
    this.packed = {
      student: packHandles(this.student.parameters()),
      emaTeacher: packHandles(this.emaTeacher.parameters()),
    };
    this.#schedules = schedulesOf(config);

    const patchPrototypes = (network.ibotHead ?? network.dinoHead).prototypes;
    if (targets !== undefined) {
      this.dinoTargets = this.ibotTargets = targets;
    } else if (config.train.centering === "centering") {
      this.dinoTargets = new SoftmaxCentering([1, network.dinoHead.prototypes], { device });
      this.ibotTargets = new SoftmaxCentering([1, 1, patchPrototypes], { device });
    } else {
      this.dinoTargets = this.ibotTargets = sinkhornKnopp;
    }
  }

  /** The scheduled values of an iteration. */
  scheduled(iteration: number): ScheduledValues {
    return this.#schedules(iteration);
  }

  /**
   * Every tensor that a run must save to resume exactly, under the reference's names, in which the EMA teacher is `teacher`.
   * They are the tensors in use.
   */
  tensors(): Record<string, Tensor> {
    return {
      ...prefixed("student", this.student.stateDict()),
      ...prefixed("teacher", this.emaTeacher.stateDict()),
      ...prefixed("optimizer", this.optimizer.stateTensors()),
      ...prefixed("grad_scaler", this.scaler?.stateTensors() ?? {}),
      ...center("dino_loss.center", this.dinoTargets),
      ...center("ibot_patch_loss.center", this.ibotTargets),
    };
  }

  /** Frees everything. */
  [Symbol.dispose](): void {
    for (const value of Object.values(this.tensors())) value.dispose();
    if (this.teacher !== this.emaTeacher) this.teacher.dispose();
    this.scaler?.[Symbol.dispose]();
  }
}

/** The type a run's matrix products compute in on a device; weights and residuals stay in float32. */
export function computeType(config: Config, device: Device): AutocastOptions["dtype"] {
  const { param_dtype } = config.compute_precision;
  if (param_dtype === "auto") return device === "cpu" ? "float32" : "bfloat16";
  return ({ fp32: "float32", bf16: "bfloat16", fp16: "float16" } as const)[param_dtype];
}

function prefixed(prefix: string, tensors: Record<string, Tensor>): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, value]) => [`${prefix}.${name}`, value]),
  );
}

function center(name: string, maker: TargetMaker): Record<string, Tensor> {
  return maker instanceof SoftmaxCentering ? { [name]: maker.center } : {};
}
