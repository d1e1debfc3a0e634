/** Runs the body while the workers of pools die of files by their names, as `dying_worker.ts` says. */
export async function withDyingWorkers(body: () => Promise<void>): Promise<void> {
  const { Worker } = globalThis;
  globalThis.Worker = class extends Worker {
    constructor(_: string | URL, options?: WorkerOptions) {
      super(new URL("./dying_worker.ts", import.meta.url), options);
    }
  };
  try {
    await body();
  } finally {
    globalThis.Worker = Worker;
  }
}
