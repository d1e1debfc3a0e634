/** Names that are packed together. */
const PACKED = 1000;
/** So many names at once are as large as what they are made of, so that packing them would gain nothing. */
const MANY = 50 * PACKED;

/**
 * Names of images. Those that are added are packed into bytes until they are needed: the more a heap holds, the more garbage
 * V8 leaves beside it, hundreds of megabytes for a million names.
 */
export class NameList {
  /** How many there are. */
  length = 0;
  readonly #parts: (Uint8Array | string[])[] = [];
  #last: string[];

  /** Begins with names, which are not packed. Default: none. */
  constructor(names: string[] = []) {
    this.#last = names;
    this.length = names.length;
  }

  /** Adds a name. */
  push(name: string): void {
    this.length++;
    if (this.#last.push(name) < PACKED) return;
    this.#parts.push(packed(this.#last));
    this.#last = [];
  }

  /** Adds names; many are not packed. */
  add(names: string[]): void {
    if (names.length < MANY) return names.forEach((name) => this.push(name));
    this.length += names.length;
    this.#parts.push(this.#last, names);
    this.#last = [];
  }

  /** All names. */
  all(): string[] {
    if (this.#parts.length === 0) return this.#last;
    const all = new Array<string>(this.length);
    let index = 0;
    for (const part of [...this.#parts, this.#last]) {
      for (const name of Array.isArray(part) ? part : unpacked(part)) all[index++] = name;
    }
    return all;
  }

  /** All names, packed some at a time, in memory that the next ones may fill again. */
  *parts(): Generator<Uint8Array> {
    for (const part of [...this.#parts, this.#last]) {
      if (Array.isArray(part)) yield* passing(part);
      else yield part;
    }
  }
}

const encoder = new TextEncoder(), decoder = new TextDecoder();

function packed(names: readonly string[]): Uint8Array {
  return encoder.encode(JSON.stringify(names));
}

/** Names packed some at a time, in memory that the next ones fill again. */
function* passing(names: readonly string[]): Generator<Uint8Array> {
  let memory = new Uint8Array(0);
  for (let begin = 0; begin < names.length; begin += PACKED) {
    const text = JSON.stringify(names.slice(begin, begin + PACKED));
    if (memory.length < 3 * text.length) memory = new Uint8Array(3 * text.length);
    yield memory.subarray(0, encoder.encodeInto(text, memory).written);
  }
}

/**
 * The names in a part of a list.
 *
 * @throws {SyntaxError} If it is damaged.
 */
export function unpacked(part: Uint8Array): string[] {
  return JSON.parse(decoder.decode(part));
}
