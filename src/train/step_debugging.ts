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
  /** Whether to detect the first NaN or infinity. Default: false. */
  readonly detectAnomaly?: boolean;
}

/** Profiles the steps of a run and detects anomalies in them, if asked to. */
export class StepDebugging implements Disposable {
  readonly #open = new DisposableStack();
  readonly #profile: StepProfile | undefined;
  readonly #detector: AnomalyDetector | undefined;

  /** @throws {RangeError} If the number of steps to record is not a whole number from 1, or exceeds what is left. */
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

  /** Runs a step in a scope of its own. If gradients are to be checked, it is given `onGradients` to call once they are computed. */
  run<T extends { readonly losses: Record<string, Tensor> }>(
    iteration: number,
    step: (onGradients?: () => void) => T,
  ): T {
    const detected = () =>
      scope(() => this.#detector === undefined ? step() : this.#detector.run(iteration, step));
    return this.#profile === undefined ? detected() : this.#profile.run(detected);
  }

  /** Ends the profile and removes all hooks. */
  [Symbol.dispose](): void {
    this.#open.dispose();
  }
}
