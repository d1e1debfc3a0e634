import { byteLength, copyBytes, tensorFromBytes } from "../tensor/bytes.ts";
import type { Device } from "../tensor/device.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { writeAll, writeAtomically } from "./atomic_file.ts";
import {
  headerLength,
  layOut,
  parseHeader,
  PREFIX,
  type SafetensorsHeader,
  type TensorEntry,
} from "./safetensors_header.ts";

/** Tensors by name, and the free text that travels with them. */
export interface SafetensorsContent {
  /** The tensors by name. */
  tensors: Record<string, Tensor>;
  /** The file's metadata. */
  metadata: Record<string, string>;
}

/**
 * An open safetensors file. Its header is read and checked, its tensors are read when asked for, so that no more
 * than one of them is in memory twice.
 */
export class SafetensorsFile {
  /** The file's metadata. */
  readonly metadata: Record<string, string>;
  /** What the file holds, by name. */
  readonly entries: ReadonlyMap<string, TensorEntry>;
  readonly #path: string;
  readonly #file: Deno.FsFile;
  readonly #dataStart: number;
  #buffer = new Uint8Array(0);

  /**
   * Opens a file.
   *
   * @throws {Error} When it is not there, or not a whole safetensors file.
   */
  constructor(path: string) {
    this.#path = path;
    this.#file = openFile(path);
    try {
      const { header, dataStart } = readHeader(this.#file);
      this.#dataStart = dataStart;
      this.metadata = header.metadata;
      this.entries = new Map(header.entries.map((entry) => [entry.name, entry]));
    } catch (cause) {
      this.#file.close();
      throw unreadable(path, cause);
    }
  }

  /**
   * Reads one tensor.
   *
   * @param name Its name.
   * @param options Where to put it. Default: the CPU.
   * @throws {Error} When the file has no such tensor or cannot be read.
   */
  read(name: string, options: { device?: Device } = {}): Tensor {
    const entry = this.entries.get(name);
    if (entry === undefined) {
      throw new Error(`Cannot read "${name}" from "${this.#path}": there is no such tensor`);
    }
    const { dtype, shape, begin, end } = entry;
    const size = end - begin;
    if (this.#buffer.length < size) this.#buffer = new Uint8Array(size);
    const bytes = this.#buffer.subarray(0, size);
    try {
      this.#file.seekSync(this.#dataStart + begin, Deno.SeekMode.Start);
      readAll(this.#file, bytes);
      if (dtype === "bool" && bytes.some((byte) => byte > 1)) {
        throw new Error(
          `tensor ${JSON.stringify(name)} holds bytes that are neither true nor false`,
        );
      }
    } catch (cause) {
      throw unreadable(this.#path, cause);
    }
    return tensorFromBytes(bytes, { dtype, shape, ...options });
  }

  /** Closes the file at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/**
 * Reads every tensor of a safetensors file.
 *
 * @param path The file.
 * @param options Where to put the tensors. Default: the CPU.
 * @throws {Error} When it is not there, or not a whole safetensors file.
 */
export function readSafetensors(
  path: string,
  options: { device?: Device } = {},
): SafetensorsContent {
  using file = new SafetensorsFile(path);
  const names = [...file.entries.keys()];
  const tensors = scope(() => names.map((name) => [name, file.read(name, options)] as const));
  return { tensors: Object.fromEntries(tensors), metadata: file.metadata };
}

/**
 * Writes tensors, from any device, to a safetensors file. The file appears whole or not at all, and what it
 * replaces stays until then.
 *
 * @param path The file. Its folder is made where it is missing.
 * @param tensors The tensors by name.
 * @param metadata Free text that travels with them. Default: none.
 * @throws {Error} When the file could not be written.
 */
export function writeSafetensors(
  path: string,
  tensors: Record<string, Tensor>,
  metadata: Record<string, string> = {},
): void {
  const facts = Object.entries(tensors).map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
  const { head, entries } = layOut(facts, metadata);
  const sizes = Object.values(tensors).map(byteLength);
  const buffer = new Uint8Array(Math.max(0, ...sizes));
  writeAtomically(path, (file) => {
    writeAll(file, head);
    for (const { name } of entries) writeAll(file, copyBytes(tensors[name], buffer));
  });
}

function openFile(path: string): Deno.FsFile {
  try {
    return Deno.openSync(path);
  } catch (cause) {
    const absent = cause instanceof Deno.errors.NotFound;
    throw unreadable(path, absent ? new Error("there is no such file") : cause);
  }
}

function readHeader(file: Deno.FsFile): { header: SafetensorsHeader; dataStart: number } {
  const { size, isDirectory } = file.statSync();
  if (isDirectory) throw new Error("it is a folder");
  const prefix = new Uint8Array(Math.min(PREFIX, size));
  readAll(file, prefix);
  const bytes = new Uint8Array(headerLength(prefix, size));
  readAll(file, bytes);
  const dataStart = PREFIX + bytes.length;
  return { header: parseHeader(bytes, size - dataStart), dataStart };
}

/** Fills a buffer; a single `readSync` may fill only some of it. */
function readAll(file: Deno.FsFile, buffer: Uint8Array): void {
  for (let filled = 0; filled < buffer.length;) {
    const count = file.readSync(buffer.subarray(filled));
    if (count === null) throw new Error("it ended early: another program is changing it");
    filled += count;
  }
}

function unreadable(path: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(`Cannot read "${path}": ${reason}`, { cause });
}
