/**
 * Where many images lie.
 *
 * @module
 */
import { lastUpTo } from "./last_up_to.ts";
import type { SampleLocator } from "./sample.ts";

/**
 * Where the images of a source lie. Each place is made when it is asked for: of a million images, an object for each would
 * take hundreds of megabytes, and names that a table held beside those of the folder as much. An array of places is such a
 * table too.
 */
export interface SampleTable {
  /** How many images there are. */
  readonly length: number;
  /** Where an image lies, by its index and its name in the source. */
  at(index: number, name: string): SampleLocator | undefined;
}

/** Tables one behind the other. */
export class JoinedSamples implements SampleTable {
  readonly length: number;
  readonly #tables: readonly SampleTable[];
  /** The index of the first image of each table. */
  readonly #starts: Float64Array;

  /** Joins tables. */
  constructor(tables: readonly SampleTable[]) {
    let length = 0;
    this.#tables = tables;
    this.#starts = Float64Array.from(tables, (table) => (length += table.length) - table.length);
    this.length = length;
  }

  /** Where an image lies, by its index and its name. */
  at(index: number, name: string): SampleLocator | undefined {
    const table = lastUpTo(this.#starts, index);
    return this.#tables[table]?.at(index - this.#starts[table], name);
  }
}

/** Some images of a table. */
export class SelectedSamples implements SampleTable {
  readonly length: number;
  readonly #table: SampleTable;
  readonly #indices: Uint32Array;

  /** Selects them by their indices. */
  constructor(table: SampleTable, indices: ArrayLike<number>) {
    this.#table = table;
    this.#indices = new Uint32Array(indices);
    this.length = indices.length;
  }

  /** Where an image lies, by its index and its name. */
  at(index: number, name: string): SampleLocator | undefined {
    return index < this.length ? this.#table.at(this.#indices[index], name) : undefined;
  }
}
