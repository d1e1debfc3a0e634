import { tensorFromBytes } from "../tensor/bytes.ts";
import type { Device } from "../tensor/device.ts";
import type { DType } from "../tensor/dtype.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { byteSize, quoted } from "./claims.ts";

/** What lies at a place in a file, and where it goes. */
export interface ElementsOptions {
  /** What the file calls them. */
  name: string;
  /** The type of the elements. */
  dtype: DType;
  /** The length of each dimension. */
  shape: readonly number[];
  /** Where to put them. Default: the CPU. */
  device?: Device;
}

/** A file that tensors are read from, one at a time. */
export class InputFile {
  /** Its path. */
  readonly path: string;
  /** Its size in bytes. */
  readonly size: number;
  readonly #file: Deno.FsFile;
  #buffer = new Uint8Array(0);

  /**
   * Opens a file.
   *
   * @throws {Error} When it is not there, or is no file.
   */
  constructor(path: string) {
    this.path = path;
    this.#file = openFile(path);
    const { size, isDirectory } = this.#file.statSync();
    this.size = size;
    if (isDirectory) {
      this.#file.close();
      throw unreadable(path, new Error("it is a folder"));
    }
  }

  /**
   * Reads bytes from a position on.
   *
   * @throws {Error} When the file ends before; the message completes "Cannot read …: ".
   */
  bytes(position: number, count: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(count);
    this.#fill(position, bytes);
    return bytes;
  }

  /**
   * Reads a tensor whose elements lie at a position, row by row.
   *
   * @throws {Error} When the file ends before, or it holds what no tensor can; the message completes "Cannot read …: ".
   */
  tensor(position: number, options: ElementsOptions): Tensor {
    const size = byteSize(options.dtype, options.shape);
    if (this.#buffer.length < size) this.#buffer = new Uint8Array(size);
    const bytes = this.#buffer.subarray(0, size);
    this.#fill(position, bytes);
    if (options.dtype === "bool" && bytes.some((byte) => byte > 1)) {
      throw new Error(
        `tensor ${quoted(options.name)} holds bytes that are neither true nor false`,
      );
    }
    return tensorFromBytes(bytes, options);
  }

  /** Closes the file at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.#file.close();
  }

  /** Fills a buffer; a single `readSync` may fill only some of it. */
  #fill(position: number, buffer: Uint8Array): void {
    this.#file.seekSync(position, Deno.SeekMode.Start);
    for (let filled = 0; filled < buffer.length;) {
      const count = this.#file.readSync(buffer.subarray(filled));
      if (count === null) throw new Error("it ended early: another program is changing it");
      filled += count;
    }
  }
}

/** The error of a file that cannot be read, from the reason. */
export function unreadable(path: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(`Cannot read "${path}": ${reason}`, { cause });
}

function openFile(path: string): Deno.FsFile {
  try {
    return Deno.openSync(path);
  } catch (cause) {
    const absent = cause instanceof Deno.errors.NotFound;
    throw unreadable(path, absent ? new Error("there is no such file") : cause);
  }
}
