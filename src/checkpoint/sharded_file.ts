import { basename, dirname, join } from "@std/path";
import { isRecord, parseObject } from "../files/header_validation.ts";
import { InputFile, unreadable } from "../files/input_file.ts";
import { quoted } from "../files/quoted.ts";
import type { Device } from "../tensor/device.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { TensorFacts } from "./tensor_facts.ts";
import type { TensorFile } from "./tensor_file.ts";

const INDEX = ".index.json";
/** Bytes of an index; the largest models take a tenth of it. */
const LONGEST = 2 ** 24;
/** Files that are open at once. */
const MOST = 512;

/** Whether a path is that of the index that Hugging Face writes beside weights in several files. */
export function isShardIndex(path: string): boolean {
  return path.endsWith(INDEX);
}

/**
 * The files that hold what a path stands for: itself, and the shards where it is an index.
 *
 * @throws {Error} When the index cannot be read.
 */
export function filesOf(path: string): string[] {
  if (!isShardIndex(path)) return [path];
  try {
    return [path, ...new Set(readIndex(path).values().map((name) => join(dirname(path), name)))];
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** Several files of tensors that an index makes one of, each tensor in one of them. */
export class ShardedFile implements TensorFile {
  /** The path of the index. */
  readonly path: string;
  /** The size of all files in bytes. */
  readonly size: number;
  /** What they hold, by name. */
  readonly entries: ReadonlyMap<string, TensorFacts>;
  /** Classes of other objects in them, which are left out. */
  readonly skipped: readonly string[];
  /** What they say about themselves. */
  readonly state: Readonly<Record<string, unknown>>;
  readonly #shards = new Map<string, TensorFile>();
  readonly #places: ReadonlyMap<string, TensorFile>;

  /**
   * Opens an index and its files.
   *
   * @param path The path of the index.
   * @param open Opens one of the files.
   * @throws {Error} When one is missing or cannot be read, or lacks what the index says.
   */
  constructor(path: string, open: (path: string) => TensorFile) {
    this.path = path;
    try {
      const places = readIndex(path);
      for (const name of new Set(places.values())) {
        this.#shards.set(name, open(join(dirname(path), name)));
      }
      this.#places = new Map(
        Array.from(places, ([tensor, shard]) => [tensor, this.#shards.get(shard)!]),
      );
      this.entries = new Map(
        Array.from(places, ([tensor, shard]) => {
          const facts = this.#shards.get(shard)!.entries.get(tensor);
          if (facts !== undefined) return [tensor, facts];
          throw new Error(`${quoted(tensor)} is not in ${quoted(shard)}, where the index has it`);
        }),
      );
      const shards = [...this.#shards.values()];
      this.size = shards.reduce((sum, { size }) => sum + size, 0);
      this.skipped = shards.flatMap(({ skipped = [] }) => skipped);
      this.state = Object.assign({}, ...shards.map(({ state }) => state));
    } catch (cause) {
      this[Symbol.dispose]();
      throw unreadable(path, cause);
    }
  }

  /**
   * Reads one tensor.
   *
   * @param name Its name.
   * @param options Where to put it. Default: the CPU.
   * @throws {Error} When the files have no such tensor or cannot be read.
   */
  read(name: string, options: { device?: Device } = {}): Tensor {
    const shard = this.#places.get(name);
    if (shard !== undefined) return shard.read(name, options);
    throw new Error(`Cannot read "${name}" from "${this.path}": there is no such tensor`);
  }

  /** Closes the files at the end of a `using` block. */
  [Symbol.dispose](): void {
    for (const shard of this.#shards.values()) shard[Symbol.dispose]();
  }
}

/** The file of each tensor. */
function readIndex(path: string): Map<string, string> {
  using file = new InputFile(path);
  if (file.size > LONGEST) throw new Error(`an index of more than ${LONGEST} bytes is not read`);
  const { weight_map: places } = parseObject(new TextDecoder().decode(file.bytes(0, file.size)));
  if (!isRecord(places)) throw new Error("its weight_map, the file of each tensor, is missing");
  const entries = Object.entries(places).map(([tensor, name]): [string, string] => {
    // The files lie beside the index, and nowhere else.
    if (
      typeof name === "string" && name !== "" && basename(name) === name && !name.includes("\\")
    ) {
      return [tensor, name];
    }
    throw new Error(`it has ${quoted(tensor)} in a file that is not beside it`);
  });
  const { size } = new Set(entries.map(([, name]) => name));
  if (size > MOST) throw new Error(`it names ${size} files, more than ${MOST}`);
  return new Map(entries);
}
