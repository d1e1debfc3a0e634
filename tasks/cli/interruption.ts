import {
  ignoredSignals,
  isUserSignalDiverted,
  type SignalName,
  takeUserSignal,
} from "./inherited_signals.ts";
import { stderr } from "./terminal.ts";

/** Signals that end the work, and the statuses that shells give to processes ended by them. */
const ENDING = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGQUIT: 131 } as const;
/** Signals that save the work and let it continue, as schedulers send them before the end of a job. */
const SAVING = isUserSignalDiverted ? ["SIGUSR2"] as const : ["SIGUSR1", "SIGUSR2"] as const;

/**
 * Does work that a request to stop ends.
 *
 * @param reason What to tell the person then.
 * @param work The work; it throws the reason of the signal it is given once that is aborted.
 * @returns The status to end with.
 * @throws {Error} If the work fails.
 */
export async function untilStopped(
  reason: string,
  work: (signal: AbortSignal) => Promise<number | void>,
): Promise<number> {
  using interruption = new Interruption(reason);
  const { signal } = interruption;
  try {
    return await work(signal) ?? 0;
  } catch (error) {
    if (error !== signal.reason) throw error;
    stderr.line(reason);
    return interruption.status;
  }
}

/**
 * Turns signals into requests to save, and to stop where they would have ended the process. After the first request to stop,
 * the next one ends the process, as it would have without this. Signals that were ignored when the process was started, as
 * `nohup` has it, stay ignored.
 */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  readonly #listeners = new Map<SignalName, () => void>();
  #status = 1;
  #isSaveRequested = false;

  /**
   * @param reason What the signal is aborted with, to tell the person.
   * @param onRequest Called at the first request to stop. Default: ignored.
   */
  constructor(reason: string, onRequest: () => void = () => {}) {
    const isWindows = Deno.build.os === "windows"; // which has no other signal
    const listen = (name: SignalName, react: () => void) => {
      if (ignoredSignals.has(name) || isWindows && name !== "SIGINT") return;
      this.#listeners.set(name, react);
      Deno.addSignalListener(name, react);
    };
    for (const [name, status] of Object.entries(ENDING) as [keyof typeof ENDING, number][]) {
      listen(name, () => {
        this.#status = status;
        for (const other of Object.keys(ENDING) as SignalName[]) this.#forget(other);
        onRequest();
        this.#controller.abort(new Error(reason));
      });
    }
    for (const name of SAVING) listen(name, () => this.#isSaveRequested = true);
  }

  /** Aborted at the first request to stop. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The status to end with after a request to stop. */
  get status(): number {
    return this.#status;
  }

  /** Whether to save now and continue; true once for a request. */
  takeSaveRequest(): boolean {
    const isRequested = takeUserSignal() || this.#isSaveRequested;
    this.#isSaveRequested = false;
    return isRequested;
  }

  /** Gives the signals their usual effect back. */
  [Symbol.dispose](): void {
    for (const name of [...this.#listeners.keys()]) this.#forget(name);
  }

  #forget(name: SignalName): void {
    const listener = this.#listeners.get(name);
    if (listener === undefined) return;
    this.#listeners.delete(name);
    Deno.removeSignalListener(name, listener);
  }
}
