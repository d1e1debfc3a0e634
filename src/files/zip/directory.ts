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

const LONGEST_COMMENT = 65535;
/** Bytes of a directory: some million files, and far below what exhausts memory. */
const LARGEST = 2 ** 28;

/**
 * Reads the directory of a zip archive. The files in it are not looked at.
 *
 * @param onTwice Called with each file that a later one of the same name takes the place of. Default: that is refused.
 * @returns The files by path, in the order of their bytes.
 * @throws {Error} When it is damaged, or files overlap or reach beyond it; the message completes "Cannot read …: ".
 */
export function readZipDirectory(
  file: InputFile,
  onTwice?: (name: string) => void,
): Map<string, ZipEntry> {
  const { begin, size, count, shift } = findDirectory(file);
  if (size > LARGEST || begin + size > file.size) throw cutShort();
  const listed = listFiles(file.bytes(begin, size), { count, shift })
    .sort((a, b) => a.header - b.header);
  const entries = new Map<string, ZipEntry>();
  listed.forEach((entry, i) => {
    const { name, header, packedSize } = entry;
    const limit = listed[i + 1]?.header ?? begin;
    if (header + SIZE.local + packedSize > begin) throw cutShort();
    const isSecond = entries.has(name);
    if (isSecond) onTwice?.(name);
    if (header + SIZE.local + packedSize > limit || isSecond && onTwice === undefined) {
      throw new Error(`its file ${quoted(name)} overlaps another or comes twice`);
    }
    entry.limit = limit;
    entries.set(name, entry);
  });
  return entries;
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

/** A file whose limit is still to be found: of a million, copies would show. */
type ListedFile = Omit<ZipEntry, "limit"> & { limit: number };

function listFiles(
  bytes: Uint8Array<ArrayBuffer>,
  { count, shift }: Pick<Directory, "count" | "shift">,
): ListedFile[] {
  const directory = viewOf(bytes);
  const files: ListedFile[] = [];
  const isFile = (at: number) =>
    at + SIZE.central <= bytes.length && directory.getUint32(at, true) === SIGNATURE.central;
  for (let at = 0; isFile(at);) {
    const [nameSize, extraSize, commentSize] = [28, 30, 32].map((field) =>
      directory.getUint16(at + field, true)
    );
    const nameEnd = at + SIZE.central + nameSize;
    const next = nameEnd + extraSize + commentSize;
    if (next > bytes.length) throw damaged();
    const extra = viewOf(bytes.subarray(nameEnd, nameEnd + extraSize));
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
    const crc = directory.getUint32(at + 16, true);
    const header = place + shift;
    files.push({ name, header, limit: 0, method, isEncrypted, packedSize, size, crc });
    at = next;
  }
  // Some programs, macOS's among them, count no further than 16 bits and begin anew.
  const others = files.length - count;
  if (others < 0 || others % (TOO_MANY + 1) !== 0) throw damaged();
  return files;
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
