/** Workers that were started, and that were ended. */
interface CountedWorkers {
  started: number;
  ended: number;
}

/** Counts the workers that `body` starts and ends. */
export async function countedWorkers(body: () => Promise<void>): Promise<CountedWorkers> {
  const { Worker } = globalThis;
  const count = { started: 0, ended: 0 };
  globalThis.Worker = class extends Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      count.started++;
    }
    override terminate(): void {
      count.ended++;
      super.terminate();
    }
  };
  try {
    await body();
  } finally {
    globalThis.Worker = Worker;
  }
  return count;
}
