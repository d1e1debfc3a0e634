/** What a worker says that is about to end without a word to its pool. */
export const CLOSES = "closes";

/**
 * Runs the body while the workers of pools die of files by their names, as `dying_worker.ts` says.
 *
 * @param onClose Called when one has ended without a word to its pool.
 */
export function withDyingWorkers(
  body: () => Promise<void>,
  onClose: () => void = () => {},
): Promise<void> {
  return withWorkers(DYING, body, (worker) => {
    worker.addEventListener("message", (event) => {
      if (event.data !== CLOSES) return;
      event.stopImmediatePropagation();
      onClose();
    });
  });
}

/**
 * Runs the body while pools hear of the death of workers before all that these said, as happens where a native call keeps the
 * main thread; see {@linkcode withDyingWorkers}.
 */
export function withOvertakenWorkers(body: () => Promise<void>): Promise<void> {
  return withWorkers(DYING, body, (worker) => {
    const held: unknown[] = [];
    let isDead = false;
    worker.addEventListener("message", (event) => {
      if (isDead) return;
      event.stopImmediatePropagation();
      held.push(event.data);
    });
    worker.addEventListener("error", () => {
      isDead = true;
      queueMicrotask(() => {
        for (const data of held) worker.dispatchEvent(new MessageEvent("message", { data }));
      });
    });
  });
}

/** Runs the body while the workers of pools die at their start. */
export function withStillbornWorkers<T>(body: () => Promise<T>): Promise<T> {
  return withWorkers("data:text/javascript,throw new Error('no memory')", body);
}

const DYING = new URL("./dying_worker.ts", import.meta.url);

async function withWorkers<T>(
  program: string | URL,
  body: () => Promise<T>,
  prepare: (worker: Worker) => void = () => {},
): Promise<T> {
  const { Worker } = globalThis;
  globalThis.Worker = class extends Worker {
    constructor(_: string | URL, options?: WorkerOptions) {
      super(program, options);
      prepare(this);
    }
  };
  try {
    return await body();
  } finally {
    globalThis.Worker = Worker;
  }
}
