/** Signals that save and end a run, and the statuses that shells give to processes ended by them. */
const ENDING = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGQUIT: 131 } as const;
/** Signals that save a run and let it go on, as schedulers send them before the end of a job. */
const SAVING = ["SIGUSR1", "SIGUSR2"] as const;
const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGUSR1: 10, SIGUSR2: 12, SIGTERM: 15 };

type Name = keyof typeof NUMBERS;

/**
 * Turns signals into requests to save, and to stop where they would have ended the process. After the first request to stop,
 * the next one ends the process, as it would have without this. Signals that were ignored when the process was started, as
 * `nohup` has it, stay ignored.
 */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  readonly #listeners = new Map<Name, () => void>();
  #status = 1;
  #isSaveRequested = false;

  /** @param onRequest Called at the first request to stop. */
  constructor(onRequest: () => void) {
    const ignored = ignoredSignals();
    const isWindows = Deno.build.os === "windows"; // which has no other signal
    const listen = (name: Name, react: () => void) => {
      if (isWindows && name !== "SIGINT") return;
      // Deno ends at a signal that nobody listens for, even at one that was ignored.
      const listener = ignored.has(name) ? () => {} : react;
      this.#listeners.set(name, listener);
      Deno.addSignalListener(name, listener);
    };
    for (const [name, status] of Object.entries(ENDING) as [keyof typeof ENDING, number][]) {
      listen(name, () => {
        this.#status = status;
        for (const other of Object.keys(ENDING) as Name[]) {
          if (!ignored.has(other)) this.#forget(other);
        }
        onRequest();
        this.#controller.abort(new Error("Stopped before anything was trained"));
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

  /** Whether to save now and go on; true once for a request. */
  takeSaveRequest(): boolean {
    const isRequested = this.#isSaveRequested;
    this.#isSaveRequested = false;
    return isRequested;
  }

  /** Gives the signals their usual effect back. */
  [Symbol.dispose](): void {
    for (const name of [...this.#listeners.keys()]) this.#forget(name);
  }

  #forget(name: Name): void {
    const listener = this.#listeners.get(name);
    if (listener === undefined) return;
    this.#listeners.delete(name);
    Deno.removeSignalListener(name, listener);
  }
}

/** The signals that this process ignores, as long as it listens for none; Linux tells. */
function ignoredSignals(): ReadonlySet<Name> {
  const status = Deno.build.os === "linux" ? Deno.readTextFileSync("/proc/self/status") : "";
  const mask = BigInt(`0x${/^SigIgn:\s+([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  const names = Object.keys(NUMBERS) as Name[];
  return new Set(names.filter((name) => mask >> BigInt(NUMBERS[name] - 1) & 1n));
}
