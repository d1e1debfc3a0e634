/** Words of 32 bits that are kept of a hash: half of a SHA-256, which no two files of a set share by accident. */
const WORDS = 4;

/** Hashes of files, to find those of the same bytes: of a million, a text for each would take hundreds of megabytes. */
export class FileHashes {
  readonly #words: Uint32Array;
  readonly #files: Uint32Array;
  #length = 0;

  /** Makes room for the hashes of a number of files. */
  constructor(count: number) {
    this.#words = new Uint32Array(WORDS * count);
    this.#files = new Uint32Array(count);
  }

  /** Adds the hash of a file by its number, in hexadecimal digits. */
  add(file: number, hash: string): void {
    const { buffer } = Uint8Array.fromHex(hash.slice(0, 8 * WORDS));
    this.#words.set(new Uint32Array(buffer), WORDS * file);
    this.#files[this.#length++] = file;
  }

  /** The files that have the hash of another, together with it, in the order in which they were added. */
  equalFiles(): number[][] {
    const sorted = this.#files.slice(0, this.#length).sort((a, b) => this.#compare(a, b));
    const equal: number[][] = [];
    for (let begin = 0, end = 0; begin < sorted.length; begin = end) {
      while (end < sorted.length && this.#compare(sorted[begin], sorted[end]) === 0) end++;
      if (end - begin > 1) equal.push([...sorted.subarray(begin, end)]);
    }
    return equal.sort(([a], [b]) => a - b);
  }

  #compare(a: number, b: number): number {
    for (let word = 0; word < WORDS; word++) {
      const difference = this.#words[WORDS * a + word] - this.#words[WORDS * b + word];
      if (difference !== 0) return difference;
    }
    return 0;
  }
}
