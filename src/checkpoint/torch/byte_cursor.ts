import type { InputFile } from "../../files/input_file.ts";

const WINDOW = 65536;
const LONGEST_LINE = 1000;

/** Reads a part of a file from its beginning to its end, a little at a time. */
export class ByteCursor {
  /** The byte after the part. */
  readonly end: number;
  readonly #file: InputFile;
  #position: number;
  #window = new Uint8Array(0);
  #windowStart = 0;

  /**
   * @param file The file.
   * @param begin The part's first byte.
   * @param end The byte after its last.
   */
  constructor(file: InputFile, begin: number, end: number) {
    this.#file = file;
    this.#position = begin;
    this.end = end;
  }

  /** The next byte's place in the file. */
  get position(): number {
    return this.#position;
  }

  /**
   * Takes the next bytes.
   *
   * @throws {Error} When so many do not follow; the message completes "Cannot read …: ".
   */
  take(count: number): Uint8Array<ArrayBuffer> {
    const from = this.#position;
    this.skip(count);
    if (count > WINDOW) return this.#file.bytes(from, count);
    const ahead = from - this.#windowStart;
    if (ahead + count <= this.#window.length) return this.#window.subarray(ahead, ahead + count);
    this.#windowStart = from;
    this.#window = this.#file.bytes(from, Math.min(WINDOW, this.end - from));
    return this.#window.subarray(0, count);
  }

  /**
   * Passes over the next bytes.
   *
   * @throws {Error} When so many do not follow; the message completes "Cannot read …: ".
   */
  skip(count: number): void {
    if (count > this.end - this.#position) throw new Error("it is cut short");
    this.#position += count;
  }

  /** Takes the next byte. */
  byte(): number {
    return this.take(1)[0];
  }

  /** Takes the next bytes as an unsigned little-endian number. */
  unsigned(bytes: 1 | 2 | 4 | 8): number {
    return this.take(bytes).reduceRight((value, byte) => value * 256 + byte, 0);
  }

  /** Takes the next bytes as a signed little-endian number, exact where it is large. */
  signed(bytes: number): number | bigint {
    const digits = this.take(bytes);
    const value = BigInt.asIntN(
      8 * bytes,
      digits.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n),
    );
    const narrow = Number(value);
    return Number.isSafeInteger(narrow) ? narrow : value;
  }

  /** Takes the next bytes as text. */
  text(bytes: number): string {
    return new TextDecoder().decode(this.take(bytes));
  }

  /**
   * Takes the text up to the end of the line, which is not part of it.
   *
   * @throws {Error} When the line does not end; the message completes "Cannot read …: ".
   */
  line(): string {
    const bytes: number[] = [];
    for (let byte = this.byte(); byte !== 10; byte = this.byte()) {
      if (bytes.push(byte) > LONGEST_LINE) {
        throw new Error(`its index holds a name of more than ${LONGEST_LINE} bytes`);
      }
    }
    return new TextDecoder().decode(Uint8Array.from(bytes));
  }
}
