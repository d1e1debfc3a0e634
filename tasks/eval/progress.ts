import { format } from "@std/fmt/duration";

const CELLS = 24;

/** Shows how many images are done: a bar on a terminal that goes when it ends, nothing elsewhere. */
export class ImageProgress {
  readonly #title: string;
  readonly #total: number;
  readonly #begun = performance.now();

  /**
   * @param title What is being done.
   * @param total Images in all.
   */
  constructor(title: string, total: number) {
    this.#title = title;
    this.#total = total;
  }

  /** Shows that so many images are done. */
  show(done: number): void {
    const seconds = (performance.now() - this.#begun) / 1000;
    const filled = Math.round(CELLS * done / this.#total);
    const bar = "█".repeat(filled) + "░".repeat(CELLS - filled);
    const left = 1000 * Math.round(seconds * (this.#total - done) / done);
    const facts = [
      `${done}/${this.#total}`,
      `${Math.round(done / seconds)} images/s`,
      `eta ${format(left, { ignoreZero: true }) || "0s"}`,
    ];
    this.#write(`${this.#title} ${bar} ${facts.join("  ")}`);
  }

  /** Clears the bar. */
  [Symbol.dispose](): void {
    this.#write("");
  }

  #write(line: string): void {
    if (!Deno.stderr.isTerminal()) return;
    Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[K${line}`));
  }
}
