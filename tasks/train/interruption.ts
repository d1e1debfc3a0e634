/** Statuses that shells give to processes ended by these signals. */
const STATUS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Turns Ctrl-C and SIGTERM into a request to stop. The second one ends the process, as it would have without this.
 */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  readonly #listeners = new Map<keyof typeof STATUS, () => void>();
  #status = 1;

  /** @param onRequest Called at the first signal. */
  constructor(onRequest: () => void) {
    for (const name of ["SIGINT", "SIGTERM"] as const) {
      const listener = () => {
        this.#status = STATUS[name];
        this[Symbol.dispose]();
        onRequest();
        this.#controller.abort();
      };
      this.#listeners.set(name, listener);
      Deno.addSignalListener(name, listener);
    }
  }

  /** Aborted at the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The status to end with after a signal. */
  get status(): number {
    return this.#status;
  }

  /** Gives the signals their usual effect back. */
  [Symbol.dispose](): void {
    for (const [name, listener] of this.#listeners) Deno.removeSignalListener(name, listener);
    this.#listeners.clear();
  }
}
