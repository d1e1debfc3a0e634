import { quoted } from "../../files/quoted.ts";
import type { ByteCursor } from "./byte_cursor.ts";
import { findGlobal, findStorage } from "./globals.ts";
import { Global, Opaque, type PickleValue, type Storage } from "./values.ts";

/** Bytes of a pickle. Far above any real one; what a hostile one builds stays below what exhausts memory. */
const LONGEST = 2 ** 23;
/** Containers and calls of a pickle, each of which takes far more memory than its byte; a large training's has a tenth. */
const MOST = 500_000;
/** Values that a pickle keeps to recall. */
const MOST_KEPT = 2 ** 21;

/** What a pickle holds. */
interface Unpickled {
  /** The value. */
  readonly value: PickleValue;
  /** The storages it points to. */
  readonly storages: readonly Storage[];
  /** The full names of classes in it that nothing is known of. */
  readonly foreign: ReadonlySet<string>;
}

/**
 * Reads one pickle of protocol 2 to 5, building tensors and containers only. A pickle is a program for a small stack
 * machine; of its instructions those that make values are carried out, and a call builds what `globals.ts` says. Other
 * objects stay opaque.
 *
 * @param cursor Stands at the pickle's first byte, and after its last when this returns.
 * @returns The value, the storages it points to, and the classes it names that nothing is known of.
 * @throws {Error} When it is damaged or builds anything else; the message completes "Cannot read …: ".
 */
export function unpickle(cursor: ByteCursor): Unpickled {
  if (cursor.byte() !== PROTO) throw new Error("its index does not start like a pickle");
  const protocol = cursor.byte();
  if (protocol < 2 || protocol > 5) throw new Error(`its index is a pickle of version ${protocol}`);
  const machine = new Machine(cursor);
  const begin = cursor.position;
  for (let code = cursor.byte(); code !== STOP; code = cursor.byte()) {
    const instruction = instructions[String.fromCharCode(code)];
    if (instruction === undefined) {
      const hex = code.toString(16).padStart(2, "0");
      throw new Error(`its index uses the pickle instruction 0x${hex}, which no tensor needs`);
    }
    instruction(machine);
    if (cursor.position - begin > LONGEST) {
      throw new Error(`its index has more than ${LONGEST} bytes`);
    }
  }
  const { storages, foreign } = machine;
  return { value: machine.pop(), storages, foreign };
}

const PROTO = 0x80;
const STOP = ".".charCodeAt(0);

/** What a pickle's instructions work on. */
class Machine {
  readonly cursor: ByteCursor;
  readonly storages: Storage[] = [];
  readonly foreign = new Set<string>();
  readonly #memo = new Map<number, PickleValue>();
  readonly #marks: number[] = [];
  #made = 0;
  #given = 0;
  #stack: PickleValue[] = [];

  constructor(cursor: ByteCursor) {
    this.cursor = cursor;
  }

  push(value: PickleValue): void {
    this.#stack.push(value);
  }

  /** Pushes a container, or what a call built. */
  make(value: PickleValue): void {
    if (++this.#made > MOST) {
      throw new Error(`its index holds more than ${MOST} containers and objects`);
    }
    this.push(value);
  }

  pop(): PickleValue {
    this.#requireValue();
    return this.#stack.pop()!;
  }

  /** The values above the last mark. */
  popToMark(): PickleValue[] {
    const mark = this.#marks.pop();
    if (mark === undefined) {
      throw new Error("its index is damaged: a pickle's list has no beginning");
    }
    return this.#stack.splice(mark);
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
  }

  top(): PickleValue {
    this.#requireValue();
    return this.#stack.at(-1)!;
  }

  remember(key: number = this.#memo.size): void {
    if (this.#memo.size > MOST_KEPT) {
      throw new Error(`its index keeps more than ${MOST_KEPT} values`);
    }
    this.#memo.set(key, this.top());
  }

  recall(key: number): void {
    const value = this.#memo.get(key);
    if (value === undefined) {
      throw new Error("its index is damaged: it recalls what it never built");
    }
    this.push(value);
  }

  /** A number of bytes that follow. */
  length(bytes: 1 | 4 | 8): number {
    const length = this.cursor.unsigned(bytes);
    if (length > LONGEST) throw new Error(`its index claims a value of ${length} bytes`);
    return length;
  }

  /** Counts what calls are given to go through: a short pickle may give one long list again and again. */
  give(args: readonly PickleValue[]): void {
    const lists = args.filter((arg) => Array.isArray(arg));
    this.#given += lists.reduce((sum, { length }) => sum + length, args.length);
    if (this.#given > LONGEST) {
      throw new Error(`its index gives its calls more than ${LONGEST} values`);
    }
  }

  #requireValue(): void {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) {
      throw new Error("its index is damaged: a pickle's value is missing");
    }
  }
}

/** By the instruction's byte, as Python's `pickletools` lists them. */
const instructions: Readonly<Record<string, (machine: Machine) => void>> = {
  "(": (m) => m.mark(),
  "0": (m) => void m.pop(),
  "1": (m) => void m.popToMark(),
  "2": (m) => m.push(m.top()),
  "N": (m) => m.push(null),
  "\x88": (m) => m.push(true),
  "\x89": (m) => m.push(false),
  "K": (m) => m.push(m.cursor.unsigned(1)),
  "M": (m) => m.push(m.cursor.unsigned(2)),
  "J": (m) => m.push(m.cursor.signed(4)),
  "\x8a": (m) => m.push(m.cursor.signed(m.length(1))),
  "\x8b": (m) => m.push(m.cursor.take(m.length(4)).slice()), // a number beyond any use here
  "G": (m) => m.push(float(m.cursor.take(8))),
  "X": (m) => m.push(m.cursor.text(m.length(4))),
  "\x8c": (m) => m.push(m.cursor.text(m.length(1))),
  "\x8d": (m) => m.push(m.cursor.text(m.length(8))),
  "T": (m) => m.push(m.cursor.text(m.length(4))), // Python 2's texts
  "U": (m) => m.push(m.cursor.text(m.length(1))),
  "B": (m) => m.push(m.cursor.take(m.length(4)).slice()),
  "C": (m) => m.push(m.cursor.take(m.length(1)).slice()),
  "\x8e": (m) => m.push(m.cursor.take(m.length(8)).slice()),
  "\x96": (m) => m.push(m.cursor.take(m.length(8)).slice()),
  ")": (m) => m.make([]),
  "t": (m) => m.make(m.popToMark()),
  "\x85": (m) => m.make([m.pop()]),
  "\x86": (m) => m.make([m.pop(), m.pop()].reverse()),
  "\x87": (m) => m.make([m.pop(), m.pop(), m.pop()].reverse()),
  "]": (m) => m.make([]),
  "a": (m) => append(m, [m.pop()]),
  "e": (m) => append(m, m.popToMark()),
  "\x8f": (m) => m.make([]), // a set
  "\x90": (m) => append(m, m.popToMark()),
  "\x91": (m) => m.make(m.popToMark()), // a frozen set
  "}": (m) => m.make(new Map()),
  "s": (m) => setItems(m, [m.pop(), m.pop()].reverse()),
  "u": (m) => setItems(m, m.popToMark()),
  "q": (m) => m.remember(m.cursor.unsigned(1)),
  "r": (m) => m.remember(m.cursor.unsigned(4)),
  "\x94": (m) => m.remember(),
  "h": (m) => m.recall(m.cursor.unsigned(1)),
  "j": (m) => m.recall(m.cursor.unsigned(4)),
  "\x95": (m) => void m.cursor.take(8), // the length of what follows, of no use here
  "c": (m) => pushGlobal(m, `${m.cursor.line()}.${m.cursor.line()}`),
  "\x93": (m) => pushGlobal(m, [m.pop(), m.pop()].reverse().map(nameOf).join(".")),
  "Q": (m) => {
    const storage = findStorage(m.pop());
    m.storages.push(storage);
    m.push(storage);
  },
  "R": call,
  "\x81": call,
  "\x92": (m) => {
    m.pop(); // arguments by name
    call(m);
  },
  "b": (m) => {
    m.pop(); // attributes, such as a state_dict's versions
    if (!(m.top() instanceof Map || m.top() instanceof Opaque)) {
      throw new Error("its index changes an object that is not a dictionary");
    }
  },
};

function float(bytes: Uint8Array<ArrayBuffer>): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0);
}

function append(machine: Machine, items: readonly PickleValue[]): void {
  const list = machine.top();
  if (list instanceof Opaque) return;
  if (!Array.isArray(list)) throw new Error("its index appends to something that is not a list");
  for (const item of items) list.push(item);
}

function setItems(machine: Machine, items: readonly PickleValue[]): void {
  const map = machine.top();
  if (map instanceof Opaque && items.length % 2 === 0) return;
  if (!(map instanceof Map) || items.length % 2 !== 0) {
    throw new Error("its index fills something that is not a dictionary");
  }
  for (let i = 0; i < items.length; i += 2) map.set(items[i], items[i + 1]);
}

function call(machine: Machine): void {
  const args = machine.pop();
  const callee = machine.pop();
  if (!(callee instanceof Global) || callee.build === undefined || !Array.isArray(args)) {
    const what = callee instanceof Global ? quoted(callee.name) : "something that cannot be called";
    throw new Error(`its index calls ${what}`);
  }
  machine.give(args);
  machine.make(callee.build(args));
}

function pushGlobal(machine: Machine, name: string): void {
  const global = findGlobal(name);
  if (global.isForeign) machine.foreign.add(name);
  machine.make(global);
}

function nameOf(value: PickleValue): string {
  if (typeof value === "string") return value;
  throw new Error("its index names a Python object by something that is not text");
}
