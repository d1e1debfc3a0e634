import { hookModules, type ModuleHook } from "../nn/hooks.ts";
import { synchronize } from "../tensor/device.ts";
import { recordFunction, startProfile, stopProfile } from "../tensor/profiler.ts";
import type { Learner } from "./learner.ts";
import { type ProfileSummary, STEP, summarizeTrace } from "./profile_summary.ts";

/** Warm-up steps: the first ones choose algorithms and allocate memory. */
const WARM_UP = 3;

/** What {@linkcode StepProfile} records. */
interface StepProfileOptions {
  /** How many steps. */
  readonly steps: number;
  /** The file of the trace. */
  readonly path: string;
  /** Called with the summary once they are recorded. */
  readonly onDone: (summary: ProfileSummary) => void;
}

/** @throws {RangeError} If the number of steps to record is not a whole number from 1, or exceeds what is left after the warm-up. */
export function checkProfile(steps: number, left: number): void {
  if (!Number.isInteger(steps) || steps < 1) {
    throw new RangeError(`Cannot profile ${steps} steps: give a whole number from 1`);
  }
  if (left >= WARM_UP + steps) return;
  throw new RangeError(
    `Cannot profile ${steps} steps after the first ${WARM_UP}: the run has ${left} to go`,
  );
}

/** Profiles steps of a run after a warm-up of three; modules appear in the trace by name. */
export class StepProfile implements Disposable {
  readonly #learner: Learner;
  readonly #options: StepProfileOptions;
  #done = 0;
  #recording: DisposableStack | undefined;

  /** Records nothing until the warm-up is over. */
  constructor(learner: Learner, options: StepProfileOptions) {
    this.#learner = learner;
    this.#options = options;
  }

  /** Runs a step. */
  run<T>(step: () => T): T {
    const result = recordFunction(STEP, step);
    this.#done++;
    if (this.#done === WARM_UP) this.#start();
    if (this.#done === WARM_UP + this.#options.steps) this.#stop();
    return result;
  }

  /** If the run ends early, writes what has been recorded. */
  [Symbol.dispose](): void {
    this.#recording?.dispose();
  }

  #start(): void {
    const { student, teacher, device } = this.#learner;
    const { path } = this.#options;
    synchronize(device);
    startProfile(path);
    const recording = this.#recording = new DisposableStack();
    recording.defer(stopProfile);
    const hook: ModuleHook = ({ name }, run) => recordFunction(name, run);
    recording.use(hookModules(student, hook, "student"));
    recording.use(hookModules(teacher, hook, "teacher"));
  }

  #stop(): void {
    const { path, onDone } = this.#options;
    synchronize(this.#learner.device); // kernels may still be under way
    this.#recording?.dispose();
    onDone(summarizeTrace(Deno.readTextFileSync(path)));
  }
}
