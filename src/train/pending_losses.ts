import { stack } from "../tensor/create.ts";
import { keep, scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Metrics } from "./metrics.ts";

/** The losses of a step by the reference's names; 0-d tensors on the training device. */
export type Losses = Readonly<Record<string, Tensor>>;

/** A step whose losses have not been read yet. */
interface PendingStep {
  readonly iteration: number;
  readonly losses: Losses;
  readonly values: Readonly<Record<string, number>>;
}

/**
 * Losses that wait on the device. Reading one makes the host wait for the device, so many are read at once, in one
 * transfer.
 */
export class PendingLosses {
  #steps: PendingStep[] = [];

  /**
   * Adds a step.
   *
   * @param iteration Its number, counted from 0.
   * @param losses Its losses; they are disposed of when they have been read.
   * @param values What else is logged of it.
   */
  add(iteration: number, losses: Losses, values: Readonly<Record<string, number>>): void {
    this.#steps.push({ iteration, losses: keep(losses), values });
  }

  /**
   * Reads everything that waits into the metrics, with `total_loss`, the sum of the logged losses as in the reference.
   *
   * @throws {Error} If a loss is not a finite number; the message names it and the iteration.
   */
  read(metrics: Metrics): void {
    const steps = this.#steps;
    this.#steps = [];
    if (steps.length === 0) return;
    const tensors = steps.flatMap(({ losses }) => Object.values(losses));
    const read = scope(() => Array.from(stack(tensors).toArray() as Float32Array));
    for (const tensor of tensors) tensor.dispose();
    let next = 0;
    for (const { iteration, losses, values } of steps) {
      const named = Object.keys(losses).map((name) => [name, read[next++]] as const);
      const total = named.reduce((sum, [, value]) => sum + value, 0);
      for (const [name, value] of named) requireFinite(iteration, name, value);
      metrics.update({ ...values, total_loss: total, ...Object.fromEntries(named) });
    }
  }

  /** Lets go of what has not been read. */
  dispose(): void {
    for (const { losses } of this.#steps) {
      for (const tensor of Object.values(losses)) tensor.dispose();
    }
    this.#steps = [];
  }
}

function requireFinite(iteration: number, name: string, value: number): void {
  if (Number.isFinite(value)) return;
  throw new Error(
    `Cannot go on: ${name} became ${value} at iteration ${iteration}; the run has diverged. ` +
      "Train anew with a lower optim.base_lr, a longer optim.warmup_epochs or a lower teacher.teacher_temp",
  );
}
