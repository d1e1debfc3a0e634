import { noGradScope } from "../autograd/mode.ts";
import { hookModules, type ModuleHook } from "../nn/hooks.ts";
import { stack } from "../tensor/create.ts";
import { isFloating } from "../tensor/dtype.ts";
import { keep, scope } from "../tensor/scope.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { Learner } from "./learner.ts";

/** The result of one check; it stays on the device. */
interface Finding {
  /** Whose values, to follow "the first values that are not finite are". */
  readonly what: string;
  /** True where all are finite, 0-d. */
  readonly isFinite: Tensor;
}

/**
 * Finds the first NaN or infinity of a step, like PyTorch's anomaly detection: checks the inputs and outputs of every module
 * of student and teacher, then losses, gradients and weights. Results are read once per step, so a step costs one
 * synchronisation with the device, and two reductions for each module call.
 */
export class AnomalyDetector implements Disposable {
  readonly #learner: Learner;
  readonly #hooks = new DisposableStack();
  readonly #findings: Finding[] = [];

  /**
   * Registers hooks on student and teacher, and checks the student's weights.
   *
   * @throws {Error} If a weight is not finite.
   */
  constructor(learner: Learner) {
    this.#learner = learner;
    const hook: ModuleHook = ({ name, args }, run) => {
      this.#look(`the inputs of ${name}`, args);
      const result = run();
      this.#look(`the outputs of ${name}`, result);
      return result;
    };
    this.#hooks.use(hookModules(learner.student, hook, "student"));
    this.#hooks.use(hookModules(learner.teacher, hook, "teacher"));
    this.#lookAtWeights("");
    this.#report("before the first step");
  }

  /**
   * Runs a step.
   *
   * @param iteration Its number, for the message.
   * @param step The step; it calls `onGradients` once all gradients are computed.
   * @throws {Error} If a value is not finite; the message names the first.
   */
  run<T extends { readonly losses: Record<string, Tensor> }>(
    iteration: number,
    step: (onGradients: () => void) => T,
  ): T {
    const { student, scaler } = this.#learner;
    const result = step(() => {
      if (scaler !== null) return; // float16 overflows at times, and skips the step
      // Backward runs from the losses, so the gradient that fails first belongs to a late parameter.
      for (const [name, { grad }] of [...student.namedParameters()].reverse()) {
        using gradient = grad;
        this.#look(`the gradients of student.${name}`, gradient);
      }
    });
    for (const [name, loss] of Object.entries(result.losses)) this.#look(name, loss);
    this.#lookAtWeights(", after the update");
    this.#report(`at iteration ${iteration}`);
    return result;
  }

  /** Removes the hooks. */
  [Symbol.dispose](): void {
    this.#hooks.dispose();
    for (const { isFinite } of this.#findings.splice(0)) isFinite.dispose();
  }

  #look(what: string, values: unknown): void {
    const isFinite = noGradScope(() => {
      const flags = tensorsIn(values).map((value) => value.isfinite().all());
      return flags.length === 0 ? null : keep(stack(flags).all());
    });
    if (isFinite !== null) this.#findings.push({ what, isFinite });
  }

  #lookAtWeights(when: string): void {
    for (const [name, value] of this.#learner.student.namedParameters()) {
      this.#look(`the weights student.${name}${when}`, value);
    }
  }

  /** @throws {Error} If a check since the last report failed. */
  #report(when: string): void {
    const findings = this.#findings.splice(0);
    const flags = scope(() => stack(findings.map(({ isFinite }) => isFinite)).toArray());
    for (const { isFinite } of findings) isFinite.dispose();
    const first = findings.find((_, i) => !flags[i]);
    if (first === undefined) return;
    throw new Error(
      `Cannot continue: ${when} the first values that are not finite are ${first.what}`,
    );
  }
}

/** The floating-point tensors in a tree of arrays and plain objects. */
function tensorsIn(value: unknown): Tensor[] {
  if (value instanceof Tensor) return isFloating(value.dtype) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap(tensorsIn);
  if (typeof value !== "object" || value === null) return [];
  const isPlain = Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? Object.values(value).flatMap(tensorsIn) : [];
}
