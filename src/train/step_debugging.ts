import { join } from "@std/path";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { AnomalyDetector } from "./anomaly.ts";
import type { Run } from "./run.ts";
import { checkProfile, StepProfile } from "./step_profile.ts";

/** What {@linkcode StepDebugging} does. */
interface StepDebuggingOptions {
  /** Steps to record. Default: none. */
  readonly profile?: number;
  /** Whether to look for values that are not finite. Default: false. */
  readonly detectAnomaly?: boolean;
}

/** Looks at the steps of a run, where that is asked for. */
export class StepDebugging implements Disposable {
  readonly #open = new DisposableStack();
  readonly #profile: StepProfile | undefined;
  readonly #detector: AnomalyDetector | undefined;

  /** @throws {RangeError} If the number of steps to record is not a whole number from 1, or there are not so many. */
  constructor(
    { learner, folder, done, total, onEvent }: Pick<
      Run,
      "learner" | "folder" | "done" | "total" | "onEvent"
    >,
    { profile, detectAnomaly = false }: StepDebuggingOptions,
  ) {
    if (profile !== undefined) checkProfile(profile, total - done);
    const path = join(folder.path, "trace.json");
    this.#profile = profile === undefined ? undefined : this.#open.use(
      new StepProfile(learner, {
        steps: profile,
        path,
        onDone: (summary) => onEvent({ kind: "profile", path, summary }),
      }),
    );
    this.#detector = detectAnomaly ? this.#open.use(new AnomalyDetector(learner)) : undefined;
  }

  /** Runs a step in a scope of its own; it is given what to call when the gradients are there, if anything. */
  run<T extends { readonly losses: Record<string, Tensor> }>(
    iteration: number,
    step: (onGradients?: () => void) => T,
  ): T {
    const detected = () =>
      scope(() => this.#detector === undefined ? step() : this.#detector.run(iteration, step));
    return this.#profile === undefined ? detected() : this.#profile.run(detected);
  }

  /** Looks no more. */
  [Symbol.dispose](): void {
    this.#open.dispose();
  }
}
