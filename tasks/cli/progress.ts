import { format } from "@std/fmt/duration";

const CELLS = 24;

/** Shows how much is done: a bar on a terminal that goes when it ends, nothing elsewhere. */
export class Progress {
  readonly #title: string;
  readonly #unit: string;
  #begun = { done: 0, at: performance.now() };

  /**
   * @param title What is being done.
   * @param unit What is counted.
   */
  constructor(title: string, unit = "images") {
    this.#title = title;
    this.#unit = unit;
  }

  /** Goes on where so many were done before, which tell nothing about the speed. */
  resume(done: number): void {
    this.#begun = { done, at: performance.now() };
  }

  /** Shows that so many of all are done. */
  show(done: number, total: number): void {
    const seconds = (performance.now() - this.#begun.at) / 1000;
    const filled = Math.round(CELLS * done / total);
    const bar = "█".repeat(filled) + "░".repeat(CELLS - filled);
    const rate = (done - this.#begun.done) / seconds;
    const left = 1000 * Math.round((total - done) / rate);
    const facts = [
      `${done}/${total}`,
      `${rate.toPrecision(3)} ${this.#unit}/s`,
      `eta ${format(left, { ignoreZero: true }) || "0s"}`,
    ];
    this.#write(`${this.#title} ${bar} ${facts.join("  ")}`);
  }

  /** Clears the bar. */
  clear(): void {
    this.#write("");
  }

  /** Same as {@linkcode Progress.clear}, for `using`. */
  [Symbol.dispose](): void {
    this.clear();
  }

  #write(line: string): void {
    if (!Deno.stderr.isTerminal()) return;
    Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[K${line}`));
  }
}
