/**
 * Decompression of fax pictures.
 *
 * @module
 */
import { type CodeTable, LONGEST_CODE, modeCodes, modes, runCodes } from "./ccitt_codes.ts";

/** The size and kind of a fax picture. */
interface FaxPicture {
  /** Columns. */
  readonly columns: number;
  /** Rows. */
  readonly rows: number;
  /** 2: runs in whole bytes. 3: group 3, with ends of lines. 4: group 4, every row by the one above. */
  readonly group: number;
  /** Whether rows of group 3 may be told by the one above. Default: false. */
  readonly isTwoDimensional?: boolean;
}

/**
 * Unpacks a fax picture: TIFF's compressions 2, 3 and 4.
 *
 * Source: ITU-T T.4 and T.6.
 *
 * @returns Rows of bits, 1 black, each in whole bytes.
 * @throws {Error} If the data are damaged or end early.
 */
export function unpackFax(data: Uint8Array, picture: FaxPicture): Uint8Array<ArrayBuffer> {
  const { columns, rows, group, isTwoDimensional = false } = picture;
  const reader = new BitReader(data);
  const rowBytes = Math.ceil(columns / 8);
  const output = new Uint8Array(rowBytes * rows);
  let above: number[] = [columns];
  for (let y = 0; y < rows; y++) {
    let isOwn = group !== 4;
    if (group === 3) {
      reader.skipEndOfLine();
      if (isTwoDimensional) isOwn = reader.take(1) === 1;
    } else if (group === 2) reader.alignToByte();
    above = isOwn ? readRuns(reader, columns) : readEdges(reader, above, columns);
    const start = 8 * rowBytes * y;
    for (let i = 0; i < above.length; i += 2) {
      const end = above[i + 1] ?? columns;
      for (let x = above[i]; x < end; x++) output[(start + x) >> 3] |= 0x80 >> ((start + x) & 7);
    }
  }
  return output;
}

/** A row by its runs: where the colour changes, white first. The last change is the row's end. */
function readRuns(reader: BitReader, columns: number): number[] {
  const edges: number[] = [];
  for (let x = 0, colour = 0; x < columns; colour ^= 1) {
    x = Math.min(columns, x + readRun(reader, colour));
    edges.push(x);
  }
  return edges;
}

/** One run: codes of 64 or more are added up, until one of less. */
function readRun(reader: BitReader, colour: number): number {
  for (let run = 0;;) {
    const part = reader.code(runCodes[colour]);
    run += part;
    if (part < 64) return run;
  }
}

/** A row by the edges of the one above. */
function readEdges(reader: BitReader, above: readonly number[], columns: number): number[] {
  const edges: number[] = [];
  let [x, colour, next] = [-1, 0, 0];
  while (x < columns) {
    // The first edge above, right of x, where the colour changes away from the present one.
    next = Math.max(0, next - 2);
    while (next < above.length && (above[next] <= x || next % 2 !== colour)) {
      next++;
    }
    const edge = above[next] ?? columns;
    const mode = reader.code(modeCodes);
    if (mode === modes.pass) x = above[next + 1] ?? columns;
    else if (mode === modes.horizontal) {
      const first = Math.min(columns, Math.max(0, x) + readRun(reader, colour));
      x = Math.min(columns, first + readRun(reader, colour ^ 1));
      edges.push(first, x);
    } else {
      const to = edge + mode - modes.straight;
      if (to < Math.max(0, x) || to > columns) throw new Error("the fax data are damaged");
      x = to;
      edges.push(x);
      colour ^= 1;
    }
  }
  return edges;
}

/** Reads bits, the high ones of a byte first. */
class BitReader {
  readonly #data: Uint8Array;
  #bit = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  /** The value of the next code of a table. */
  code(table: CodeTable): number {
    const entry = table[this.#peek(LONGEST_CODE)];
    if (entry === 0) throw new Error("the fax data are damaged or end early");
    this.#bit += entry & 15;
    return entry >> 4;
  }

  take(count: number): number {
    const bits = this.#peek(count);
    this.#bit += count;
    return bits;
  }

  alignToByte(): void {
    this.#bit = Math.ceil(this.#bit / 8) * 8;
  }

  /** Skips zeros, eleven or more, and the one that ends them, if they are next. */
  skipEndOfLine(): void {
    if (this.#peek(11) !== 0) return;
    while (this.#bit < 8 * this.#data.length && this.#peek(1) === 0) this.#bit++;
    this.#bit++;
  }

  #peek(count: number): number {
    const at = this.#bit >> 3;
    const [a = 0, b = 0, c = 0] = this.#data.subarray(at, at + 3);
    return (a << 16 | b << 8 | c) >> (24 - count - (this.#bit & 7)) & ((1 << count) - 1);
  }
}
