/**
 * Decodes image files on several threads.
 *
 * @module
 */
import { buildForWorkers } from "../ffi/pixels.ts";
import { chooseDecoders, type DecoderChoices } from "./pixels/decoder_choice.ts";
import { chooseThread } from "./choose_thread.ts";
import type { DecodeOptions } from "./codec/decode.ts";
import type { CropJob, CropOutcome, CropPlan } from "./crop_job.ts";
import type {
  CropRequest,
  DecodeOutcome,
  DecodeRequest,
  ShrinkOutcome,
  ShrinkRequest,
  WorkerMessage,
  WorkerReply,
} from "./decode_worker.ts";
import { type ImageFolder, locate } from "./folder.ts";
import { SilenceWatch, type WatchedThread } from "./silence_watch.ts";
import type { SampleLocator } from "./sources/sample.ts";
import { readSystemFile } from "../files/system_file.ts";

/** Options of {@linkcode DecodePool}. */
export interface DecodePoolOptions extends DecodeOptions {
  /** Threads to decode on. Default: one for each core, at most 10 as in the reference. */
  workers?: number;
  /**
   * Milliseconds after which a thread that has a file and says nothing is taken for dead. Default: half an hour, more than
   * any file takes that is within the limits.
   */
  patience?: number;
}

const PATIENCE = 30 * 60 * 1000;

/** How often a thread may die of a file, or at its start. */
const MOST_TRIES = 2;

/** Threads of a pool unless told otherwise: one for each core, at most 10 as in the reference. */
export function usualWorkers(): number {
  return Math.min(10, navigator.hardwareConcurrency);
}

/** What becomes of a file. */
type Outcome = Exclude<WorkerReply, "ready">;

/** A file given to a thread, and who waits for it. */
interface Task {
  /** Its place in the order of all. */
  readonly number: number;
  readonly request: DecodeRequest | CropRequest | ShrinkRequest;
  /** What the thread has to know for it. */
  readonly plan?: CropPlan;
  readonly settle: (outcome: Outcome) => void;
  readonly fail: (error: Error) => void;
  /** Threads that died of it. */
  deaths: number;
}

/** A thread and the files it has been given, the one it works on first. */
interface Thread extends WatchedThread {
  readonly worker: Worker;
  readonly tasks: Task[];
  /** Groups of images that it was given some of. */
  readonly groups: Set<string>;
  isReady: boolean;
  /** Threads in its place that died before they said anything. */
  readonly failedStarts: number;
  /** How often it has spoken, in memory that it shares, and how often it was heard. */
  readonly said: Int32Array<SharedArrayBuffer>;
  heard: number;
  /** How it died. */
  death?: string;
  /** The plan that the thread knows. */
  plan?: CropPlan;
}

/**
 * Threads that read and decode image files.
 *
 * Files are handed out ahead of time, because the main thread is often inside a long native call
 * and could not feed an idle thread. A file on which threads die is reported like any other
 * broken file; the thread is replaced and its other files are kept. No file is given up because it
 * takes long: what decoding costs is bounded by the file, and the same files are skipped everywhere.
 *
 * Pools hold threads: close them, or declare them with `using`.
 */
export class DecodePool {
  readonly #threads: Thread[] = [];
  readonly #decoding: DecodeOptions;
  readonly #decoders: DecoderChoices;
  readonly #watch: SilenceWatch<Thread>;
  #given = 0;
  #isClosed = false;
  /** Why no thread could be started. */
  #failure?: Error;

  /**
   * Starts the threads.
   *
   * @throws {RangeError} If the number of workers is not a positive integer, or more than open files are allowed for.
   * @throws {Error} If a decoder that a variable asks for cannot be opened.
   */
  constructor(
    { workers, channels, maxPixels, exif, patience = PATIENCE }: DecodePoolOptions = {},
  ) {
    workers ??= usualWorkers();
    if (!Number.isInteger(workers) || workers < 1) {
      throw new RangeError(`Cannot decode with ${workers} workers: give 1 or more`);
    }
    requireOpenFiles(workers);
    buildForWorkers();
    this.#decoders = chooseDecoders();
    this.#decoding = { channels, maxPixels, exif };
    for (let i = 0; i < workers; i++) this.#threads.push(this.#start([], 0));
    const onDeath = (thread: Thread) => this.#replace(thread, "the worker ended without a word");
    this.#watch = new SilenceWatch(this.#threads, onDeath, patience);
  }

  /**
   * Decodes an image on the thread that {@linkcode chooseThread} chooses.
   *
   * @param sample Where the image lies.
   * @param target The mask or depth map to decode with it. Default: none.
   * @returns The image, or the reason why the file cannot be decoded.
   * @throws {Error} If the pool is closed, before or while the file waits, or no thread could be started.
   */
  decode(sample: SampleLocator, target?: DecodeRequest["target"]): Promise<DecodeOutcome> {
    return this.#submit({ sample, decoding: this.#decoding, target }) as Promise<DecodeOutcome>;
  }

  /**
   * Decodes an image and makes crops of it on the thread that {@linkcode chooseThread} chooses.
   *
   * @param sample Where the image lies.
   * @param plan What all crops have in common.
   * @param job Which crops to make of it.
   * @returns What became of it.
   * @throws {Error} If the pool is closed, before or while the file waits, or no thread could be started.
   */
  crop(sample: SampleLocator, plan: CropPlan, job: CropJob): Promise<CropOutcome> {
    return this.#submit({ sample, job }, plan) as Promise<CropOutcome>;
  }

  /**
   * Shrinks the file of an image of 3 channels, as `shrinkImage` does, on the thread that {@linkcode chooseThread} chooses.
   *
   * @param sample Where the image lies.
   * @param shortSide The most pixels of its shorter side.
   * @returns The bytes of a file, or the reason why there are none.
   * @throws {Error} If the pool is closed, before or while the file waits, or no thread could be started.
   */
  shrink(sample: SampleLocator, shortSide: number): Promise<ShrinkOutcome> {
    return this.#submit({ sample, shortSide }) as Promise<ShrinkOutcome>;
  }

  /** An image of a folder, and the thread that has it to do: "cats/1.jpg from worker 2 of 4". */
  describe(folder: ImageFolder, index: number): string {
    const sample = JSON.stringify(locate(folder, index));
    const place = this.#threads.findIndex(({ tasks }) =>
      tasks.some(({ request }) => JSON.stringify(request.sample) === sample)
    );
    const worker = place < 0 ? "" : ` from worker ${place + 1} of ${this.#threads.length}`;
    return folder.paths[index] + worker;
  }

  /** Ends the threads. Files still waiting are refused. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#watch[Symbol.dispose]();
    for (const { worker, tasks } of this.#threads) {
      worker.terminate();
      for (const task of tasks) task.fail(this.#failure ?? closedError(task.request.sample));
    }
  }

  /** Ends the threads. */
  [Symbol.dispose](): void {
    this.close();
  }

  #submit(request: Task["request"], plan?: CropPlan): Promise<Outcome> {
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    if (this.#isClosed) {
      reject(this.#failure ?? closedError(request.sample));
      return promise;
    }
    const group = groupOf(request.sample);
    const thread = chooseThread(this.#threads, group);
    if (group !== undefined) thread.groups.add(group);
    const number = this.#given++;
    this.#give(thread, { number, request, plan, settle: resolve, fail: reject, deaths: 0 });
    return promise;
  }

  #give(thread: Thread, task: Task): void {
    thread.tasks.push(task);
    if (task.plan !== undefined && task.plan !== thread.plan) {
      thread.worker.postMessage({ plan: task.plan } satisfies WorkerMessage);
      thread.plan = task.plan;
    }
    thread.worker.postMessage(task.request satisfies WorkerMessage);
  }

  #start(tasks: Task[], failedStarts: number): Thread {
    const worker = new Worker(new URL("./decode_worker.ts", import.meta.url), { type: "module" });
    const said = new Int32Array(new SharedArrayBuffer(4));
    const thread: Thread = {
      worker,
      tasks: [],
      groups: new Set(),
      said,
      heard: 0,
      isReady: false,
      failedStarts,
      silence: 0,
    };
    worker.onmessage = ({ data }: MessageEvent<WorkerReply>) => {
      thread.silence = 0;
      thread.heard++;
      if (data === "ready") thread.isReady = true;
      else thread.tasks.shift()?.settle(data);
      this.#bury(thread);
    };
    worker.onerror = (event) => {
      event.preventDefault(); // or the error would end the process
      const reason = event.message.replace(/^Uncaught (\(in promise\) )?/, "");
      thread.death = `the worker died (${reason})`;
      this.#bury(thread);
    };
    worker.postMessage({ said, decoders: this.#decoders } satisfies WorkerMessage);
    for (const task of tasks) this.#give(thread, task);
    return thread;
  }

  /** Replaces a thread that has died once all is heard that it said: the news of its death overtakes its last words. */
  #bury(thread: Thread): void {
    const { death, heard, said } = thread;
    if (death !== undefined && heard >= Atomics.load(said, 0)) this.#replace(thread, death);
  }

  #replace(thread: Thread, reason: string): void {
    const place = this.#threads.indexOf(thread);
    if (this.#isClosed || place < 0) return;
    thread.worker.onmessage = null; // its files are its successor's now
    thread.worker.terminate();
    const { tasks, isReady } = thread;
    const failedStarts = isReady ? 0 : thread.failedStarts + 1;
    if (failedStarts === MOST_TRIES) {
      this.#failure = new Error(`Cannot start a worker: ${reason}`);
      return this.close();
    }
    if (isReady && tasks.length > 0 && ++tasks[0].deaths === MOST_TRIES) {
      tasks.shift()!.settle({ reason: `${reason}, also when tried again` });
    }
    this.#threads[place] = this.#start(tasks, failedStarts);
  }
}

/** What an image is unpacked with: the row group of a parquet file. */
function groupOf(sample: SampleLocator): string | undefined {
  return "row" in sample ? `${sample.group[0]} ${sample.path}` : undefined;
}

function closedError({ path }: SampleLocator): Error {
  return new Error(`Cannot decode ${path}: the pool is closed`);
}

/** Files that a thread has open, and those that the process has open besides. */
const FILES_PER_THREAD = 7, OTHER_FILES = 64;

/** @throws {RangeError} If so many threads need more open files than are allowed: that would end the process. */
function requireOpenFiles(workers: number): void {
  const limit = openFileLimit();
  const needed = OTHER_FILES + FILES_PER_THREAD * workers;
  if (needed <= limit) return;
  const most = Math.max(1, Math.floor((limit - OTHER_FILES) / FILES_PER_THREAD));
  throw new RangeError(
    `Cannot decode with ${workers} workers where ${limit} files may be open at once: ` +
      `run \`ulimit -n ${needed}\` before, or take ${most} workers`,
  );
}

/** How many files this process may have open at once; any number where the system does not tell or sets no limit. */
function openFileLimit(): number {
  const limits = readSystemFile("/proc/self/limits") ?? "";
  const limit = Number(/^Max open files +(\d+) /m.exec(limits)?.[1]);
  return Number.isNaN(limit) ? Infinity : limit;
}
