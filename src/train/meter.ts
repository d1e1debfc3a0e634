/** How many of the last values are smoothed over, as in the reference's logs. */
const WINDOW = 20;

/** A series of values, of which the last 20 are kept. */
export class Meter {
  #recent: number[];

  /** @param recent The last values of a resumed series. Default: none. */
  constructor(recent: readonly number[] = []) {
    this.#recent = recent.slice(-WINDOW);
  }

  /** Adds a value. */
  update(value: number): void {
    this.#recent.push(value);
    if (this.#recent.length > WINDOW) this.#recent.shift();
  }

  /** The last values, oldest first. */
  get recent(): readonly number[] {
    return this.#recent;
  }

  /** The median of the last values, the lower one of an even count, as `torch.median`; NaN without values. */
  get median(): number {
    const sorted = this.#recent.toSorted((a, b) => a - b);
    return sorted.at((sorted.length - 1) >> 1) ?? NaN;
  }

  /** The mean of the last values; NaN without values. */
  get mean(): number {
    return this.#recent.reduce((sum, value) => sum + value, 0) / this.#recent.length;
  }
}
