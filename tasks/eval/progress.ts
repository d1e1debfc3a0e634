import { format } from "@std/fmt/duration";

const CELLS = 24;

/** Shows how much is done: a bar on a terminal that goes when it ends, nothing elsewhere. */
export class Progress {
  readonly #title: string;
  readonly #unit: string;
  readonly #begun = performance.now();

  /**
   * @param title What is being done.
   * @param unit What is counted.
   */
  constructor(title: string, unit = "images") {
    this.#title = title;
    this.#unit = unit;
  }

  /** Shows that so many of all are done. */
  show(done: number, total: number): void {
    const seconds = (performance.now() - this.#begun) / 1000;
    const filled = Math.round(CELLS * done / total);
    const bar = "█".repeat(filled) + "░".repeat(CELLS - filled);
    const left = 1000 * Math.round(seconds * (total - done) / done);
    const facts = [
      `${done}/${total}`,
      `${(done / seconds).toPrecision(3)} ${this.#unit}/s`,
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
