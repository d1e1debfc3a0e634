/**
 * Files of columns, in which lists of images are kept: a head in JSON, numbers as they lie in memory, and names. A million
 * objects in JSON would take seconds and hundreds of megabytes.
 *
 * @module
 */
import { writeAll, writeAtomically } from "../../files/atomic_file.ts";
import { InputFile } from "../../files/input_file.ts";
import { NameList, unpacked } from "./name_list.ts";
import { type NumberColumn, numberColumn } from "../../files/number_column.ts";

/** Bytes of a length. */
const LENGTH = 4;

/** What a file of columns holds. */
export interface Columns<Head> {
  /** What is told besides, as JSON tells it. */
  readonly head: Head;
  /** Numbers by name. */
  readonly numbers: Readonly<Record<string, ArrayLike<number>>>;
  /** Names of images or other things, by what they name. */
  readonly names: Readonly<Record<string, NameList>>;
}

/** The same, as it was read. */
interface KeptColumns<Head> extends Columns<Head> {
  readonly numbers: Readonly<Record<string, NumberColumn>>;
}

/** The first part of a file: the head, and names and lengths of the columns that follow. */
interface Contents<Head> {
  readonly head: Head;
  readonly numbers: readonly (readonly [name: string, bytes: number, length: number])[];
  readonly names: readonly (readonly [name: string, length: number])[];
}

/**
 * Writes a file of columns.
 *
 * @throws {Error} If it cannot be written.
 */
export function writeColumns(path: string, { head, numbers, names }: Columns<unknown>): void {
  const columns = Object.entries(numbers).map(([name, column]) => {
    return [name, numberColumn(column)] as const;
  });
  const contents: Contents<unknown> = {
    head,
    numbers: columns.map(([name, { BYTES_PER_ELEMENT, length }]) => {
      return [name, BYTES_PER_ELEMENT, length];
    }),
    names: Object.entries(names).map(([name, { length }]) => [name, length]),
  };
  writeAtomically(path, (file) => {
    writePart(file, new TextEncoder().encode(JSON.stringify(contents)));
    for (const [, { buffer, byteOffset, byteLength }] of columns) {
      writeAll(file, new Uint8Array(buffer, byteOffset, byteLength));
    }
    for (const column of Object.values(names)) {
      for (const part of column.parts()) writePart(file, part);
    }
  });
}

/**
 * Reads a file of columns.
 *
 * @param path The file.
 * @param isWanted Whether the rest is worth reading, by its head.
 * @returns What it holds; undefined where it is not wanted.
 * @throws {Error} If there is none, or it is damaged.
 */
export function readColumns<Head>(
  path: string,
  isWanted: (head: Head) => boolean,
): KeptColumns<Head> | undefined {
  using file = new InputFile(path);
  const reader = new Reader(file);
  const contents: Contents<Head> = JSON.parse(new TextDecoder().decode(reader.part()));
  if (!isWanted(contents.head)) return undefined;
  const numbers = contents.numbers.map(([name, bytes, length]) => {
    return [name, reader.numbers(bytes, length)] as const;
  });
  const names = contents.names.map(([name, length]) => [name, reader.names(length)] as const);
  if (!reader.isAtEnd) throw new Error("it is damaged");
  return {
    head: contents.head,
    numbers: Object.fromEntries(numbers),
    names: Object.fromEntries(names),
  };
}

/** Writes bytes behind their length. */
function writePart(file: Deno.FsFile, bytes: Uint8Array): void {
  writeAll(file, new Uint8Array(Uint32Array.of(bytes.length).buffer));
  writeAll(file, bytes);
}

/** Reads a file from its beginning on. */
class Reader {
  readonly #file: InputFile;
  #at = 0;

  constructor(file: InputFile) {
    this.#file = file;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#file.size;
  }

  /** Bytes behind their length, in memory that the next ones fill again. */
  part(): Uint8Array {
    const [length] = this.numbers(LENGTH, 1);
    return this.#file.borrow(this.#advance(length), length);
  }

  numbers(bytes: number, length: number): NumberColumn {
    const { buffer } = this.#file.bytes(this.#advance(bytes * length), bytes * length);
    if (bytes === 1) return new Uint8Array(buffer);
    return bytes === 4 ? new Uint32Array(buffer) : new Float64Array(buffer);
  }

  names(length: number): NameList {
    const names: string[] = [];
    while (names.length < length) names.push(...unpacked(this.part()));
    if (names.length === length) return new NameList(names);
    throw new Error("it is damaged");
  }

  /** Goes on behind some bytes, and tells where they begin. */
  #advance(bytes: number): number {
    const begin = this.#at;
    this.#at += bytes;
    if (this.#at <= this.#file.size) return begin;
    throw new Error("it is cut short");
  }
}
