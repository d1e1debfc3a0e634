import { printable } from "../files/quoted.ts";
import type { Lease } from "../files/lease.ts";
import type { TrainEvent } from "./events.ts";

/** Seconds without a step after which a run that waits says so; then after twice as many, and so on. */
const PATIENCE = 120;
/** Seconds between two looks. */
const LOOK = 5;

/** What a run does. */
type Doing = () => string;

/** What a watch needs of a run. */
interface WatchedRun {
  readonly lease: Pick<Lease, "tell">;
  readonly onEvent: (event: TrainEvent) => void;
}

/**
 * Reports a run that makes no progress: what it has been doing, and since when. As long as it waits, by a note; while it
 * computes no note can be made, so the lease on its folder says it too, where `deno task doctor --run` reads it.
 */
export class StallWatch implements Disposable {
  readonly #run: WatchedRun;
  readonly #timer: ReturnType<typeof setInterval>;
  #describe: Doing = () => "";
  #since = Date.now();
  #patience = PATIENCE;

  /** @param run What is watched. */
  constructor(run: WatchedRun) {
    this.#run = run;
    this.#timer = setInterval(() => this.#look(), 1000 * LOOK);
    Deno.unrefTimer(this.#timer);
  }

  /**
   * Notes that the run has made progress.
   *
   * @param iteration Where it is.
   * @param doing What it does now, for instance "waiting for images".
   */
  moved(iteration: number, doing: Doing): void {
    this.#describe = () => `iteration ${iteration}, ${printable(doing())}`;
    this.#since = Date.now();
    this.#patience = PATIENCE;
    this.#run.lease.tell(this.#describe());
  }

  /** Stops watching. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const seconds = Math.floor((Date.now() - this.#since) / 1000);
    if (seconds < this.#patience) return;
    this.#patience *= 2;
    const since = new Date(this.#since).toTimeString().slice(0, 8);
    const text = `No progress for ${seconds} s: ${this.#describe()} since ${since}`;
    this.#run.onEvent({ kind: "note", text });
    this.#run.lease.tell(this.#describe(), new Date(this.#since));
  }
}
