/**
 * Numbers of many things, each in as few bytes as hold them all: of a million, objects would take hundreds of megabytes.
 *
 * @module
 */

/** A number for each thing. */
export type NumberColumn =
  | Uint8Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/**
 * Numbers in as few bytes as hold them all.
 *
 * @param numbers The numbers.
 * @param indices Those that are wanted. Default: all.
 */
export function numberColumn(numbers: ArrayLike<number>, indices?: Uint32Array): NumberColumn {
  const { length } = indices ?? numbers;
  const at = (i: number) => numbers[indices === undefined ? i : indices[i]];
  let most = 0;
  for (let i = 0; i < length; i++) most = isWhole(at(i)) ? Math.max(most, at(i)) : Infinity;
  const Kind = most < 2 ** 8 ? Uint8Array : most < 2 ** 32 ? Uint32Array : Float64Array;
  if (numbers instanceof Kind && indices === undefined) return numbers as NumberColumn;
  const column = new Kind(length);
  for (let i = 0; i < length; i++) column[i] = at(i);
  return column;
}

function isWhole(number: number): boolean {
  return Number.isInteger(number) && number >= 0;
}

/** Collects numbers one by one. */
export class NumberCollector {
  /** How many there are. */
  length = 0;
  #column: NumberColumn = new Uint32Array(256);

  /** What was collected. */
  get column(): NumberColumn {
    return this.#column.subarray(0, this.length);
  }

  /** Adds a number. */
  push(number: number): void {
    const doesFit = this.#column instanceof Float64Array || isWhole(number) && number < 2 ** 32;
    if (!doesFit) this.#column = new Float64Array(this.#column);
    if (this.length === this.#column.length) this.#grow();
    this.#column[this.length++] = number;
  }

  #grow(): void {
    const Kind = this.#column instanceof Float64Array ? Float64Array : Uint32Array;
    const column = new Kind(2 * this.length);
    column.set(this.#column);
    this.#column = column;
  }
}
