/** Told once at the first file, and once more at the end where there were others. */
export class DamagedFiles {
  readonly #onNote: (text: string) => void;
  readonly #seen = new Set<number>();
  #first = "";

  /** @param onNote Takes what the user should know. */
  constructor(onNote: (text: string) => void) {
    this.#onNote = onNote;
  }

  /** Notes the harmless damage of a file, by its index and its path. */
  add(index: number, path: string, notes: readonly string[]): void {
    if (this.#seen.has(index)) return;
    this.#seen.add(index);
    if (this.#seen.size > 1) return;
    this.#first = path;
    this.#onNote(`${path} is damaged, but its pixels are whole: ${notes.join(", ")}`);
  }

  /** Tells how many there were, if more than the one that was named. */
  close(): void {
    const others = this.#seen.size - 1;
    if (others < 1) return;
    this.#onNote(`Like ${this.#first}, ${others} more files are damaged but have whole pixels`);
    this.#seen.clear();
  }
}
