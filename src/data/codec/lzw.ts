/** The number of codes: all of 12 bits. */
const MOST_CODES = 4096;

/**
 * Writes what codes of LZW stand for as they come in. The first codes are single bytes, then follow one that clears the
 * table and one that ends the data. Every further code is the string of the code before it with one byte more.
 *
 * GIF and TIFF differ in how codes are packed into bytes, and in when they widen.
 */
export class LzwStrings {
  /** Where the strings go. */
  readonly output: Uint8Array<ArrayBuffer>;
  /** Bytes written. */
  length = 0;
  /** The code that the next new string gets. */
  next: number;
  /** The code that clears the table. */
  readonly clearCode: number;
  /** The code that ends the data. */
  readonly endCode: number;
  // The string of each code is a stretch of the output: where it begins and how long it is.
  readonly #starts = new Int32Array(MOST_CODES);
  readonly #lengths = new Int32Array(MOST_CODES);
  /** Where the string before begins. */
  #previous = -1;

  /**
   * @param size Bytes to write; anything beyond is dropped.
   * @param firstBits Bits of a code that is a single byte.
   */
  constructor(size: number, firstBits: number) {
    this.output = new Uint8Array(size);
    this.clearCode = 1 << firstBits;
    this.endCode = this.clearCode + 1;
    this.next = this.clearCode + 2;
  }

  /** Whether all bytes are written. */
  get isFull(): boolean {
    return this.length >= this.output.length;
  }

  /** Forgets all strings. */
  clear(): void {
    this.next = this.clearCode + 2;
    this.#previous = -1;
  }

  /**
   * Writes the string of a code.
   *
   * @throws {Error} If the code has none.
   */
  write(code: number): void {
    const { output, next } = this, starts = this.#starts, lengths = this.#lengths;
    const begin = this.length, previous = this.#previous;
    if (code > next || code === next && previous < 0) throw new Error("a code without a meaning");
    let to = begin;
    if (code < this.clearCode) output[to++] = code;
    else {
      // A code not yet defined is the previous string and its first byte, just written.
      let from = code === next ? previous : starts[code];
      const length = code === next ? begin - previous + 1 : lengths[code];
      for (const end = Math.min(begin + length, output.length); to < end;) {
        output[to++] = output[from++];
      }
    }
    this.length = to;
    if (previous >= 0 && next < MOST_CODES) {
      starts[next] = previous;
      lengths[next] = begin - previous + 1;
      this.next = next + 1;
    }
    this.#previous = begin;
  }
}
