import { byteLength, copyBytes } from "../tensor/bytes.ts";
import type { Device } from "../tensor/device.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { writeAll, writeAtomically } from "../files/atomic_file.ts";
import { agreesWithDigest, DIGEST, digestPosition, newDigest, NO_DIGEST } from "./digest.ts";
import { InputFile, unreadable } from "../files/input_file.ts";
import { fromMetadata } from "./metadata.ts";
import {
  headerLength,
  layOut,
  parseHeader,
  PREFIX,
  type SafetensorsHeader,
  type TensorEntry,
} from "./safetensors_header.ts";
import { readElements } from "./read_elements.ts";
import type { TensorFile } from "./tensor_file.ts";

/** Tensors by name, and the free text that travels with them. */
export interface SafetensorsContent {
  /** The tensors by name. */
  tensors: Record<string, Tensor>;
  /** The file's metadata. */
  metadata: Record<string, string>;
}

/** An open safetensors file. */
export class SafetensorsFile implements TensorFile {
  /** The file's path. */
  readonly path: string;
  /** Its size in bytes. */
  readonly size: number;
  /** The file's metadata, without its digest. */
  readonly metadata: Record<string, string>;
  /** What the file holds, by name. */
  readonly entries: ReadonlyMap<string, TensorEntry>;
  readonly #file: InputFile;
  readonly #dataStart: number;

  /**
   * Opens a file.
   *
   * @throws {Error} When it is not there, or not a whole safetensors file.
   */
  constructor(path: string) {
    this.path = path;
    this.#file = new InputFile(path);
    this.size = this.#file.size;
    try {
      const { header, dataStart } = readHeader(this.#file);
      this.#dataStart = dataStart;
      const { [DIGEST]: _, ...metadata } = header.metadata;
      this.metadata = metadata;
      this.entries = new Map(header.entries.map((entry) => [entry.name, entry]));
    } catch (cause) {
      this.#file[Symbol.dispose]();
      throw unreadable(path, cause);
    }
  }

  /** What the file says about itself: its metadata, as far as it is JSON, parsed. */
  get state(): Record<string, unknown> {
    return fromMetadata(this.metadata);
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
      throw new Error(`Cannot read "${name}" from "${this.path}": there is no such tensor`);
    }
    try {
      return readElements(this.#file, this.#dataStart + entry.begin, { ...entry, ...options });
    } catch (cause) {
      throw unreadable(this.path, cause);
    }
  }

  /**
   * Reads the whole file and compares it with the digest that it carries.
   *
   * @returns Whether it carries one; files of other programs and of older versions do not.
   * @throws {Error} When it is not as it was written, or cannot be read.
   */
  verify(): boolean {
    const sizes = { head: this.#dataStart, file: this.size };
    let isWhole: boolean | undefined;
    try {
      isWhole = agreesWithDigest((at, count) => this.#file.bytes(at, count), sizes);
    } catch (cause) {
      throw unreadable(this.path, cause);
    }
    if (isWhole === false) {
      throw unreadable(this.path, "it is damaged: its bytes do not match its digest");
    }
    return isWhole !== undefined;
  }

  /** Closes the file at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
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
 * Writes tensors, from any device, to a safetensors file, with a digest of all its bytes. The file appears whole or not at
 * all, and what it replaces stays until then.
 *
 * @param path The file. Its folder is made where it is missing.
 * @param tensors The tensors by name.
 * @param metadata Free text that travels with them. Default: none.
 * @throws {TypeError} If metadata have the name of the digest, `sha256`.
 * @throws {Error} When the file could not be written.
 */
export function writeSafetensors(
  path: string,
  tensors: Record<string, Tensor>,
  metadata: Record<string, string> = {},
): void {
  if (DIGEST in metadata) {
    throw new TypeError(
      `Cannot write metadata called "${DIGEST}", the name of the file's own digest: choose another`,
    );
  }
  const facts = Object.entries(tensors).map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
  const { head, entries } = layOut(facts, { [DIGEST]: NO_DIGEST, ...metadata });
  const sizes = Object.values(tensors).map(byteLength);
  const buffer = new Uint8Array(Math.max(0, ...sizes));
  writeAtomically(path, (file) => {
    const digest = newDigest();
    const write = (bytes: Uint8Array) => {
      digest.update(bytes);
      writeAll(file, bytes);
    };
    write(head);
    for (const { name } of entries) write(copyBytes(tensors[name], buffer));
    file.seekSync(digestPosition(head)!, Deno.SeekMode.Start);
    writeAll(file, new TextEncoder().encode(digest.digest("hex")));
  });
}

function readHeader(file: InputFile): { header: SafetensorsHeader; dataStart: number } {
  const length = headerLength(file.bytes(0, Math.min(PREFIX, file.size)), file.size);
  const dataStart = PREFIX + length;
  const header = parseHeader(file.bytes(PREFIX, length), file.size - dataStart);
  return { header, dataStart };
}
