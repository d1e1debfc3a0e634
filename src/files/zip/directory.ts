import { crc32 } from "node:zlib";
import { quoted } from "../quoted.ts";
import type { InputFile } from "../input_file.ts";
import {
  METHOD,
  NAME_FIELD,
  SIGNATURE,
  SIZE,
  TOO_LARGE,
  TOO_MANY,
  viewOf,
  ZIP64_FIELD,
  type ZipEntry,
} from "./format.ts";
import { zipEntry, ZipFiles } from "./files.ts";

const LONGEST_COMMENT = 65535;
/** Bytes of a directory: some million files, and far below what exhausts memory. */
const LARGEST = 2 ** 28;

/**
 * Reads the directory of a zip archive, as {@linkcode listZip} does, where no file may come twice.
 *
 * @returns The files by path, in the order of their bytes.
 * @throws {Error} When it is damaged, or files overlap or reach beyond it; the message completes "Cannot read …: ".
 */
export function readZipDirectory(file: InputFile): Map<string, ZipEntry> {
  const { files: { names, columns }, order } = listZip(file);
  const entries = Array.from(order, (index) => zipEntry(names[index], columns, index));
  entries.sort((a, b) => a.header - b.header);
  return new Map(entries.map((entry) => [entry.name, entry]));
}

/** What the directory of an archive lists. */
interface ZipListing {
  /** Every file. */
  readonly files: ZipFiles;
  /** Their indices in the order of their paths, without those that a later one takes the place of. */
  readonly order: Uint32Array;
}

/** Options of {@linkcode listZip}. */
interface ZipListingOptions {
  /** What the files' names begin with, before their paths in the archive. Default: nothing. */
  prefix?: string;
  /** Called with each path that an earlier file has too. Default: that is refused. */
  onTwice?: (path: string) => void;
}

/**
 * Reads the directory of a zip archive. The files in it are not looked at.
 *
 * @throws {Error} When it is damaged, or files overlap or reach beyond it; the message completes "Cannot read …: ".
 */
export function listZip(
  file: InputFile,
  { prefix = "", onTwice }: ZipListingOptions = {},
): ZipListing {
  const directory = findDirectory(file);
  const { begin, size, count } = directory;
  if (size > LARGEST || begin + size > file.size) throw cutShort();
  const files = new ZipFiles(Math.min(count, Math.floor(size / SIZE.central)), prefix);
  for (const one of readRecords(file, directory)) files.add(one);
  const { names, columns: { header, packedSize } } = files;
  const inDirectory = new Uint32Array(names.length).map((_, index) => index);
  const byBytes = sorted(inDirectory, (a, b) => header[a] - header[b]);
  const byName = sorted(byBytes, (a, b) => names[a] < names[b] ? -1 : Number(names[a] > names[b]));
  const seconds = new Set<number>(), replaced = new Set<number>();
  byName.forEach((index, i) => {
    if (names[byName[i - 1]] !== names[index]) return;
    seconds.add(index);
    replaced.add(byName[i - 1]);
  });
  const isLarge = begin >= 2 ** 32 || header instanceof Float64Array;
  const limit = files.limit = new (isLarge ? Float64Array : Uint32Array)(names.length);
  byBytes.forEach((index, i) => {
    const path = names[index].slice(prefix.length), isSecond = seconds.has(index);
    limit[index] = i + 1 < byBytes.length ? header[byBytes[i + 1]] : begin;
    const end = header[index] + SIZE.local + packedSize[index];
    if (end > begin) throw cutShort();
    if (isSecond) onTwice?.(path);
    if (end > limit[index] || isSecond && onTwice === undefined) {
      throw new Error(`its file ${quoted(path)} overlaps another or comes twice`);
    }
  });
  const order = replaced.size === 0 ? byName : byName.filter((index) => !replaced.has(index));
  return { files, order };
}

/** Indices sorted, equal ones as they stood; the same array where they are, as in most archives. */
function sorted(indices: Uint32Array, compare: (a: number, b: number) => number): Uint32Array {
  const isSorted = indices.every((index, i) => i === 0 || compare(indices[i - 1], index) <= 0);
  return isSorted ? indices : indices.toSorted(compare);
}

interface Directory {
  readonly begin: number;
  readonly size: number;
  readonly count: number;
  /** Bytes in front of the archive that its numbers do not count: a program that unpacks it. */
  readonly shift: number;
}

function findDirectory(file: InputFile): Directory {
  const tailSize = Math.min(file.size, SIZE.end + LONGEST_COMMENT);
  const tail = viewOf(file.bytes(file.size - tailSize, tailSize));
  for (let at = tailSize - SIZE.end; at >= 0; at--) {
    if (tail.getUint32(at, true) !== SIGNATURE.end) continue;
    const count = tail.getUint16(at + 10, true);
    const size = tail.getUint32(at + 12, true);
    const begin = tail.getUint32(at + 16, true);
    const end = file.size - tailSize + at;
    const found = findLargeDirectory(file, end) ?? { begin, size, count, end };
    const isLast = at + SIZE.end + tail.getUint16(at + 20, true) === tailSize;
    return placed(file, found, isLast);
  }
  throw cutShort();
}

/** A directory in its place. Behind a program the numbers may count without it, but the records at the end follow the directory. */
function placed(
  file: InputFile,
  { begin, size, count, end }: FoundDirectory,
  isLast: boolean,
): Directory {
  const shift = end - size - begin;
  if (!(isLast && shift > 0 && hasRecord(file, begin + shift, "central"))) {
    return { begin, size, count, shift: 0 };
  }
  if (hasRecord(file, 0, "local")) throw new Error("another archive stands in front of it");
  return { begin: begin + shift, size, count, shift };
}

/** A directory as the archive's numbers tell it, and where the records behind it begin. */
interface FoundDirectory extends Omit<Directory, "shift"> {
  readonly end: number;
}

/** The directory in numbers of 64 bits; undefined where an archive has none. */
function findLargeDirectory(file: InputFile, endRecord: number): FoundDirectory | undefined {
  const place = endRecord - SIZE.locator64;
  if (!hasRecord(file, place, "locator64")) return undefined;
  const isBefore = hasRecord(file, place - SIZE.end64, "end64"); // unless it was extended
  const at = isBefore ? place - SIZE.end64 : long(readRecord(file, place, "locator64"), 8);
  const end = readRecord(file, at, "end64");
  return { count: long(end, 32), size: long(end, 40), begin: long(end, 48), end: at };
}

/** Bytes of a directory that are read at once, and those of its longest record. */
const WINDOW = 2 ** 20, LONGEST = SIZE.central + 3 * 0xffff;

/** What a symbolic link has as the first four bits of its mode. */
const LINK = 0xa;

function* readRecords(
  file: InputFile,
  { begin, size: total, count, shift }: Directory,
): Generator<Omit<ZipEntry, "limit">> {
  let bytes = new Uint8Array(0), directory = viewOf(bytes), read = 0, listed = 0;
  for (let at = 0;; listed++) {
    if (at + LONGEST > bytes.length && read < total) {
      const from = read - bytes.length + at;
      bytes = file.borrow(begin + from, Math.min(WINDOW, total - from));
      [directory, read, at] = [viewOf(bytes), from + bytes.length, 0];
    }
    const isAtFile = at + SIZE.central <= bytes.length &&
      directory.getUint32(at, true) === SIGNATURE.central;
    if (!isAtFile) break;
    const nameEnd = at + SIZE.central + directory.getUint16(at + 28, true);
    const extraEnd = nameEnd + directory.getUint16(at + 30, true);
    const next = extraEnd + directory.getUint16(at + 32, true);
    if (next > bytes.length) throw damaged();
    const extra = viewOf(bytes.subarray(nameEnd, extraEnd));
    const name = nameOf(bytes.subarray(at + SIZE.central, nameEnd), extra);
    const method = directory.getUint16(at + 10, true);
    const [size, packedSize, place] = wideNumbers(
      extra,
      [24, 20, 42].map((field) => directory.getUint32(at + field, true)),
    );
    if (method === METHOD.stored && size !== packedSize) {
      throw new Error(`its file ${quoted(name)} has two sizes`);
    }
    const isEncrypted = (directory.getUint16(at + 8, true) & 1) !== 0;
    const isLink = directory.getUint8(at + 41) >> 4 === LINK;
    const crc = directory.getUint32(at + 16, true);
    yield { name, header: place + shift, method, isEncrypted, isLink, packedSize, size, crc };
    at = next;
  }
  // Some programs, macOS's among them, count no further than 16 bits and begin anew.
  const others = listed - count;
  if (others < 0 || others % (TOO_MANY + 1) !== 0) throw damaged();
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** A file's name: that of its extra field, if it stands for the name written. */
function nameOf(written: Uint8Array, extra: DataView<ArrayBuffer>): string {
  for (const field of fieldsOf(extra, NAME_FIELD)) {
    if (field.byteLength > 5 && field.getUint32(1, true) === crc32(written)) {
      return new TextDecoder().decode(
        new Uint8Array(field.buffer, field.byteOffset + 5, field.byteLength - 5),
      );
    }
  }
  return decodeName(written);
}

/** The extra fields of a kind. */
function* fieldsOf(extra: DataView<ArrayBuffer>, kind: number): Generator<DataView<ArrayBuffer>> {
  for (let at = 0; at + 4 <= extra.byteLength;) {
    const [id, size] = [extra.getUint16(at, true), extra.getUint16(at + 2, true)];
    const end = Math.min(at + 4 + size, extra.byteLength);
    if (id === kind) yield new DataView(extra.buffer, extra.byteOffset + at + 4, end - at - 4);
    at += 4 + size;
  }
}

/** A name in UTF-8, or as DOS wrote it: few programs set the flag that tells which. */
function decodeName(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => byte < 128 ? String.fromCharCode(byte) : CP437[byte - 128])
      .join("");
  }
}

/** Code page 437, from 128 on. */
const CP437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀" +
  "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

/** The numbers, those that did not fit replaced by their 64-bit values, which follow each other in an extra field. */
function wideNumbers(extra: DataView<ArrayBuffer>, numbers: readonly number[]): number[] {
  const wide: number[] = [];
  for (const field of fieldsOf(extra, ZIP64_FIELD)) {
    for (let i = 0; i + 8 <= field.byteLength; i += 8) wide.push(long(field, i));
  }
  return numbers.map((number) => number === TOO_LARGE ? wide.shift() ?? TOO_LARGE : number);
}

/**
 * Reads the fixed part of a record.
 *
 * @throws {Error} When there is none at this position; the message completes "Cannot read …: ".
 */
export function readRecord(file: InputFile, position: number, kind: keyof typeof SIZE): DataView {
  if (!(position >= 0 && position + SIZE[kind] <= file.size)) throw cutShort();
  const record = viewOf(file.bytes(position, SIZE[kind]));
  if (record.getUint32(0, true) === SIGNATURE[kind]) return record;
  throw damaged();
}

/** Whether a record begins at a position. */
function hasRecord(file: InputFile, position: number, kind: keyof typeof SIZE): boolean {
  if (!(position >= 0 && position + SIZE[kind] <= file.size)) return false;
  return viewOf(file.bytes(position, 4)).getUint32(0, true) === SIGNATURE[kind];
}

function long(bytes: DataView, at: number): number {
  return Number(bytes.getBigUint64(at, true));
}

function cutShort(): Error {
  return new Error("it is cut short, or another program is still writing it");
}

function damaged(): Error {
  return new Error("its list of files is damaged");
}
