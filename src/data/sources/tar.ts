/**
 * The members of a tar archive.
 *
 * Source: POSIX.1-2024, pax; GNU tar's manual, "Basic Tar Format".
 *
 * @module
 */
import { quoted } from "../../files/quoted.ts";
import type { InputFile } from "../../files/input_file.ts";

/** Something in a tar archive. */
export interface TarMember {
  /** Its whole name. */
  readonly name: string;
  /** What it is; a link within the archive has the content of the file it leads to. */
  readonly kind: "file" | "folder" | "link" | "other";
  /** For links, the name of the file that it leads to. */
  readonly linkName: string;
  /** Its first byte in the archive. */
  readonly begin: number;
  /** Its length in bytes. */
  readonly size: number;
}

const BLOCK = 512;
/** Names and extended headers are never longer. */
const LONGEST_NAME = 2 ** 20;
const KINDS: Readonly<Record<string, TarMember["kind"]>> = {
  "0": "file",
  "\0": "file",
  "7": "file",
  "1": "link",
  "5": "folder",
  D: "folder", // with a list of what GNU's incremental backup found in it
  V: "folder", // the archive's own name, which holds nothing
};

/** What extended headers say about the members behind them. */
type Records = Map<string, string>;

/**
 * Reads the headers of a tar archive in any dialect: v7, ustar, GNU, pax. Contents are not looked at.
 *
 * @param onEnd Called where the archive does not simply end by its mark, with what there is instead.
 * @throws {Error} If a header is damaged or a member reaches beyond the archive; the message completes "Cannot read …: ".
 */
export function* readTar(
  file: InputFile,
  onEnd: (found: "no mark" | "more behind") => void,
): Generator<TarMember> {
  const global: Records = new Map();
  let own: Records = new Map();
  let last = "";
  const blocks = new Blocks(file);
  let at = 0;
  while (at + BLOCK <= file.size) {
    const header = new Header(blocks.at(at));
    if (header.isZero) { // the end of the archive; what stands behind it is no part
      if (hasMore(file, at)) onEnd("more behind");
      return;
    }
    if (!header.isSound) throw damaged(at, last);
    const size = sizeOf(own.get("size") ?? global.get("size")) ?? header.size;
    if (!Number.isSafeInteger(size)) throw damaged(at, last);
    const begin = at + BLOCK;
    const next = begin + Math.ceil(size / BLOCK) * BLOCK;
    const name = own.get("GNU.sparse.name") ?? own.get("path") ?? global.get("path") ?? header.name;
    if (begin + size > file.size) throw cutShort(name, begin + size, file.size);
    const { type } = header;
    if ("LKxg".includes(type)) {
      if (size > LONGEST_NAME) throw damaged(at, last);
      const content = file.bytes(begin, size);
      if (type === "L") own.set("path", textOf(content));
      else if (type === "K") own.set("linkpath", textOf(content));
      else readRecords(content, type === "x" ? own : global);
    } else {
      const kind = kindOf(header, name, own);
      const linkName = kind === "link"
        ? own.get("linkpath") ?? global.get("linkpath") ?? header.linkName
        : "";
      yield { name, kind, linkName, begin, size };
      own = new Map();
      last = name;
    }
    at = next;
  }
  if (last === "") throw new Error(`${file.size} bytes are not a tar archive`);
  if (at !== file.size) throw cutShort(last, at, file.size);
  onEnd("no mark");
}

/** Bytes behind the end of an archive that are looked at; its own padding is shorter. */
const LOOKED_AT = 2 ** 20;

/** Whether something else than zeros stands behind a place. */
function hasMore(file: InputFile, at: number): boolean {
  return file.bytes(at, Math.min(LOOKED_AT, file.size - at)).some((byte) => byte !== 0);
}

function kindOf({ type }: Header, name: string, records: Records): TarMember["kind"] {
  const isSparse = records.size > 0 &&
    [...records.keys()].some((key) => key.startsWith("GNU.sparse"));
  const kind = isSparse ? "other" : KINDS[type] ?? "other";
  return kind === "file" && name.endsWith("/") ? "folder" : kind; // as v7 wrote folders
}

/** Bytes that are read at once: small members come together. */
const WINDOW = 2 ** 13;

/** The blocks of a file, each to be used before the next is asked for. */
class Blocks {
  readonly #file: InputFile;
  readonly #window = new Uint8Array(WINDOW);
  #begin = 0;
  #end = 0;

  constructor(file: InputFile) {
    this.#file = file;
  }

  at(position: number): Uint8Array {
    if (position < this.#begin || position + BLOCK > this.#end) {
      this.#begin = position;
      this.#end = Math.min(position + WINDOW, this.#file.size);
      this.#file.read(position, this.#window.subarray(0, this.#end - position));
    }
    const begin = position - this.#begin;
    return this.#window.subarray(begin, begin + BLOCK);
  }
}

/** The block before each member. */
class Header {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isZero(): boolean {
    return this.#bytes.every((byte) => byte === 0);
  }

  /** Whether the checksum is right: the sum of all bytes, itself as blanks; some wrote bytes with signs. */
  get isSound(): boolean {
    const bytes = this.#bytes;
    let sum = 8 * 32, high = 0;
    for (let i = 0; i < BLOCK; i++) {
      if (i === 148) i = 156;
      sum += bytes[i];
      high += bytes[i] >> 7;
    }
    const stated = this.#octal(148, 8);
    return stated === sum || stated === sum - 256 * high;
  }

  get type(): string {
    return String.fromCharCode(this.#bytes[156]);
  }

  get name(): string {
    const isUstar = textOf(this.#bytes.subarray(257, 263)) === "ustar"; // GNU's ends in blanks
    const prefix = isUstar ? textOf(this.#bytes.subarray(345, 500)) : "";
    const name = textOf(this.#bytes.subarray(0, 100));
    return prefix === "" ? name : `${prefix}/${name}`;
  }

  get linkName(): string {
    return textOf(this.#bytes.subarray(157, 257));
  }

  /** In octal digits, or in base 256 where its first bit is set. */
  get size(): number {
    const field = this.#bytes.subarray(124, 136);
    if ((field[0] & 0x80) === 0) return this.#octal(124, 12);
    return field.subarray(1).reduce((size, byte) => size * 256 + byte, field[0] & 0x7f);
  }

  /** A number in octal digits, which blanks or zeros may surround; NaN where there is something else. */
  #octal(from: number, length: number): number {
    let number = 0, at = from;
    const end = from + length;
    while (at < end && this.#bytes[at] === BLANK) at++;
    for (; at < end && this.#bytes[at] >= 48 && this.#bytes[at] < 56; at++) {
      number = 8 * number + this.#bytes[at] - 48;
    }
    while (at < end && this.#bytes[at] === BLANK) at++;
    return at === end || this.#bytes[at] === 0 ? number : NaN;
  }
}

const BLANK = 32;

/** Reads records of the form `LENGTH KEY=VALUE\n`, where the length counts the whole record in bytes. */
function readRecords(bytes: Uint8Array, records: Records): void {
  for (let at = 0; at < bytes.length;) {
    const blank = bytes.indexOf(32, at);
    const length = Number(decoder.decode(bytes.subarray(at, Math.max(at, blank))));
    if (!(blank > at && length > blank - at + 1 && at + length <= bytes.length)) {
      throw new Error("an extended header is damaged");
    }
    const record = decoder.decode(bytes.subarray(blank + 1, at + length - 1));
    const equals = record.indexOf("=");
    const [key, value] = [record.slice(0, equals), record.slice(equals + 1)];
    if (value === "") records.delete(key);
    else records.set(key, value);
    at += length;
  }
}

const decoder = new TextDecoder();

/** The text up to the first zero. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const text = end < 0 ? bytes : bytes.subarray(0, end);
  return text.every(isAscii)
    ? String.fromCharCode.apply(null, text as unknown as number[])
    : decoder.decode(text);
}

function isAscii(byte: number): boolean {
  return byte < 128;
}

function sizeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const size = Number(text);
  if (Number.isSafeInteger(size) && size >= 0) return size;
  throw new Error(`an extended header says a size of ${quoted(text)}`);
}

function damaged(at: number, last: string): Error {
  const place = last === "" ? "" : `, behind its member ${quoted(last)}`;
  return new Error(`there is no tar header at byte ${at}${place}`);
}

function cutShort(name: string, end: number, size: number): Error {
  return new Error(
    `its member ${
      quoted(name)
    } ends at byte ${end}, the file at ${size}: it is half written or half downloaded`,
  );
}
