/** A thread as far as it matters whether it has died. */
export interface WatchedThread {
  /** Whether it has started. */
  readonly isReady: boolean;
  /** What it has been given and has not done, each with its place in the order of all. */
  readonly tasks: readonly { readonly number: number }[];
  /** How often it was looked at since it last said something. */
  silence: number;
}

/** Looks within the time that a thread may be silent. A process that was stopped and goes on has missed one of them. */
const LOOKS = 10;

/**
 * Notices threads that ended without a word. Most die with an error, which is told; one that closes itself looks as if it
 * were busy. What a file takes is bounded, so that one day a thread has been silent for too long.
 *
 * Threads wait for each other in the order of what they were given. So of those that are silent, the one with the earliest
 * task is taken for dead, and the others get the same time again.
 */
export class SilenceWatch<T extends WatchedThread> implements Disposable {
  readonly #threads: readonly T[];
  readonly #onDeath: (thread: T) => void;
  readonly #timer: ReturnType<typeof setInterval>;

  /**
   * @param threads The threads; may change.
   * @param onDeath Called with a thread that is taken for dead.
   * @param patience Milliseconds that a thread may be silent.
   */
  constructor(threads: readonly T[], onDeath: (thread: T) => void, patience: number) {
    this.#threads = threads;
    this.#onDeath = onDeath;
    this.#timer = setInterval(() => this.#look(), patience / LOOKS);
    Deno.unrefTimer(this.#timer);
  }

  /** Stops watching. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const busy = this.#threads.filter(({ isReady, tasks }) => isReady && tasks.length > 0);
    for (const thread of busy) thread.silence++;
    const silent = busy.filter(({ silence }) => silence > LOOKS);
    if (silent.length === 0) return;
    for (const thread of busy) thread.silence = 0;
    this.#onDeath(silent.reduce((a, b) => b.tasks[0].number < a.tasks[0].number ? b : a));
  }
}
