/** Names that are packed together. */
const PACKED = 1000;

/**
 * Names of images. Those that are added are packed into bytes until they are wanted: the more a heap holds, the more garbage
 * is let lie beside it, and of a million names that would be hundreds of megabytes.
 */
export class NameList {
  /** How many there are. */
  length = 0;
  readonly #packed: Uint8Array[] = [];
  #others: string[];

  /** Begins with names, which are not packed. Default: none. */
  constructor(names: string[] = []) {
    this.#others = names;
    this.length = names.length;
  }

  /** Adds a name. */
  push(name: string): void {
    this.length++;
    if (this.#others.push(name) < PACKED) return;
    this.#packed.push(packed(this.#others));
    this.#others = [];
  }

  /** All names. */
  all(): string[] {
    if (this.#packed.length === 0) return this.#others;
    const names: string[] = [];
    for (const part of this.#packed) names.push(...unpacked(part));
    for (const name of this.#others) names.push(name);
    return names;
  }

  /** All names, packed some at a time, in memory that the next ones may fill again. */
  *parts(): Generator<Uint8Array> {
    yield* this.#packed;
    for (let begin = 0; begin < this.#others.length; begin += PACKED) {
      yield passing(this.#others.slice(begin, begin + PACKED));
    }
  }
}

const encoder = new TextEncoder(), decoder = new TextDecoder();

function packed(names: readonly string[]): Uint8Array {
  return encoder.encode(JSON.stringify(names));
}

let memory = new Uint8Array(0);

/** As {@linkcode packed} does, in memory that the next call fills again. */
function passing(names: readonly string[]): Uint8Array {
  const text = JSON.stringify(names);
  if (memory.length < 3 * text.length) memory = new Uint8Array(3 * text.length);
  return memory.subarray(0, encoder.encodeInto(text, memory).written);
}

/**
 * The names in a part of a list.
 *
 * @throws {SyntaxError} If it is damaged.
 */
export function unpacked(part: Uint8Array): string[] {
  return JSON.parse(decoder.decode(part));
}
