/** Runs the body while the workers of pools die of files by their names, as `dying_worker.ts` says. */
export function withDyingWorkers(body: () => Promise<void>): Promise<void> {
  return withWorkers(new URL("./dying_worker.ts", import.meta.url), body);
}

/** Runs the body while the workers of pools die at their start. */
export function withStillbornWorkers<T>(body: () => Promise<T>): Promise<T> {
  return withWorkers("data:text/javascript,throw new Error('no memory')", body);
}

async function withWorkers<T>(program: string | URL, body: () => Promise<T>): Promise<T> {
  const { Worker } = globalThis;
  globalThis.Worker = class extends Worker {
    constructor(_: string | URL, options?: WorkerOptions) {
      super(program, options);
    }
  };
  try {
    return await body();
  } finally {
    globalThis.Worker = Worker;
  }
}
