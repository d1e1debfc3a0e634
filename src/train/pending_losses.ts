import { stack } from "../tensor/create.ts";
import { keep, scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Metrics } from "./metrics.ts";

/** What float16 multiplies losses with: halved by each step that overflows and is skipped. */
const SCALE = "loss_scale";
/** A lower one means gradients beyond float16's 65,504 whatever the scale: no step would ever be taken again. */
const LEAST_SCALE = 1 / 16;

/** Numbers by name, 0-d tensors on the training device. */
type Scalars = Readonly<Record<string, Tensor>>;

/** What a step leaves on the device. */
interface StepScalars {
  /** Losses by the reference's names. */
  readonly losses: Scalars;
  /** Gradient norm of each submodule before clipping. */
  readonly gradNorms: Scalars;
  /** What `diagnose` measured. Default: nothing. */
  readonly diagnostics?: Scalars;
}

/** A step whose losses have not been read yet. */
interface PendingStep {
  readonly iteration: number;
  readonly scalars: StepScalars;
  readonly values: Readonly<Record<string, number>>;
}

/**
 * Losses that wait on the device. Reading one makes the host wait for the device, so many are read at once, in one
 * transfer.
 */
export class PendingLosses implements Disposable {
  #steps: PendingStep[] = [];

  /**
   * Adds a step.
   *
   * @param iteration Its number, counted from 0.
   * @param scalars Its losses, gradient norms and diagnostics; they are disposed of when they have been read.
   * @param values What else is logged of it.
   */
  add(iteration: number, scalars: StepScalars, values: Readonly<Record<string, number>>): void {
    const { losses, gradNorms, diagnostics = {} } = scalars;
    this.#steps.push({ iteration, scalars: keep({ losses, gradNorms, diagnostics }), values });
  }

  /**
   * Reads everything that waits into the metrics, with `total_loss`, the sum of the logged losses as in the reference.
   *
   * @throws {Error} If a loss is not a finite number, or float16 has skipped too many steps; the message names it and the
   * iteration.
   */
  read(metrics: Metrics): void {
    const steps = this.#steps;
    if (steps.length === 0) return;
    const read = scope(() => stack(steps.flatMap(({ scalars }) => tensorsOf(scalars))).toArray());
    this[Symbol.dispose]();
    let next = 0;
    const numbers = (scalars: Scalars, suffix: string): [name: string, value: number][] =>
      Object.keys(scalars).map((name) => [name + suffix, Number(read[next++])]);
    for (const { iteration, scalars, values } of steps) {
      const losses = numbers(scalars.losses, "");
      const gradNorms = numbers(scalars.gradNorms, "_grad_norm")
        .filter(([, norm]) => Number.isFinite(norm)); // float16 skips steps that overflow
      const diagnostics = numbers(scalars.diagnostics ?? {}, "");
      for (const [name, value] of losses) requireFinite(iteration, name, value);
      for (const [name, value] of diagnostics) if (name === SCALE) requireSteps(iteration, value);
      const total = losses.reduce((sum, [, value]) => sum + value, 0);
      metrics.update({
        ...values,
        total_loss: total,
        ...Object.fromEntries([...losses, ...gradNorms, ...diagnostics]),
      });
    }
  }

  /** Frees what has not been read. */
  [Symbol.dispose](): void {
    for (const { scalars } of this.#steps) {
      for (const tensor of tensorsOf(scalars)) tensor.dispose();
    }
    this.#steps = [];
  }
}

function tensorsOf({ losses, gradNorms, diagnostics = {} }: StepScalars): Tensor[] {
  return [losses, gradNorms, diagnostics].flatMap((scalars) => Object.values(scalars));
}

function requireFinite(iteration: number, name: string, value: number): void {
  if (Number.isFinite(value)) return;
  throw new Error(
    iteration === 0
      ? `Cannot continue: ${name} is ${value} before the first update, so the learning rate is not the cause. ` +
        "Look for NaN or infinity in the images or in student.pretrained_weights, or compute in " +
        "compute_precision.param_dtype=fp32; --detect-anomaly names where it comes from"
      : `Cannot continue: ${name} became ${value} at iteration ${iteration}; the run has diverged. ` +
        "Start again with a lower optim.base_lr or a longer optim.warmup_epochs; " +
        "--resume --detect-anomaly names where it comes from",
  );
}

function requireSteps(iteration: number, scale: number): void {
  if (scale >= LEAST_SCALE) return;
  throw new Error(
    `Cannot continue: gradients overflow float16 at every step, and its loss scale fell to ${scale} at iteration ` +
      `${iteration}. Start again with compute_precision.param_dtype=bf16 or a lower optim.base_lr`,
  );
}
