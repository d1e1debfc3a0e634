import { format } from "@std/fmt/duration";
import { stderr, type Terminal } from "./terminal.ts";

const CELLS = 24;

/** Shows how much is done: a bar on a terminal that goes when it ends, nothing elsewhere. */
export class Progress {
  readonly #title: string;
  readonly #unit: string;
  readonly #terminal: Terminal;
  #begun = { done: 0, at: performance.now() };

  /**
   * @param title What is being done.
   * @param unit What is counted.
   * @param terminal Where to show it.
   */
  constructor(title: string, unit = "images", terminal: Terminal = stderr) {
    this.#title = title;
    this.#unit = unit;
    this.#terminal = terminal;
  }

  /** Resumes after this many, which do not count for the speed. */
  resume(done: number): void {
    this.#begun = { done, at: performance.now() };
  }

  /** Shows how many of all are done. */
  show(done: number, total: number): void {
    const seconds = (performance.now() - this.#begun.at) / 1000;
    const rate = (done - this.#begun.done) / seconds;
    const speed = rate > 0 && Number.isFinite(rate)
      ? [`${rate.toPrecision(3)} ${this.#unit}/s`, `eta ${duration((total - done) / rate)}`]
      : []; // nothing was done yet
    const facts = [`${done}/${total}`, ...speed].join("  ");
    this.#terminal.status(`${this.#title} ${bar(done / total, CELLS)} ${facts}`);
  }

  /** Clears the bar. */
  clear(): void {
    this.#terminal.status("");
  }

  /** Same as {@linkcode Progress.clear}, for `using`. */
  [Symbol.dispose](): void {
    this.clear();
  }
}

/**
 * Shows how far some work is, and clears the bar before what follows speaks.
 *
 * @param title What is being done.
 * @param unit What is counted.
 * @param work The work.
 */
export async function withProgress<T>(
  title: string,
  unit: string,
  work: (onProgress: (done: number, total: number) => void) => T | Promise<T>,
): Promise<T> {
  using progress = new Progress(title, unit);
  return await work((done, total) => progress.show(done, total));
}

/** A bar of this many cells, filled by a share from 0 to 1. */
export function bar(share: number, cells: number): string {
  const filled = Math.floor(cells * share);
  return "█".repeat(filled) + "░".repeat(cells - filled);
}

/** Seconds as the two largest units, such as `2m 5s`. */
export function duration(seconds: number): string {
  const whole = format(Math.round(seconds) * 1000, { ignoreZero: true });
  return whole.split(" ").slice(0, 2).join(" ") || "0s";
}
