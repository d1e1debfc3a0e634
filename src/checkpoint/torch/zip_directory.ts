import { quoted } from "../claims.ts";
import type { InputFile } from "../input_file.ts";
import { SIGNATURE, SIZE, TOO_LARGE, TOO_MANY, ZIP64_FIELD, type ZipEntry } from "./zip_format.ts";

const LONGEST_COMMENT = 65535;
/** Far above any real directory. */
const LARGEST = 2 ** 26;

/**
 * Reads the directory of a zip archive whose files are all stored as they are.
 *
 * @returns The files by path.
 * @throws {Error} When it is damaged, or files overlap, are compressed or reach beyond it; the message completes "Cannot
 * read …: ".
 */
export function readZipDirectory(file: InputFile): Map<string, ZipEntry> {
  const { begin, size, count } = findDirectory(file);
  if (size > LARGEST || begin + size > file.size) throw cutShort();
  const listed = listFiles(file.bytes(begin, size), count);
  const entries = new Map<string, ZipEntry>();
  let end = 0;
  for (const { header, ...facts } of listed.sort((a, b) => a.header - b.header)) {
    const contentBegin = contentOf(file, header);
    if (header < end || entries.has(facts.name)) {
      throw new Error(`its file ${quoted(facts.name)} overlaps another or comes twice`);
    }
    end = contentBegin + facts.size;
    if (end > begin) throw cutShort();
    entries.set(facts.name, { ...facts, begin: contentBegin });
  }
  return entries;
}

interface Directory {
  readonly begin: number;
  readonly size: number;
  readonly count: number;
}

function findDirectory(file: InputFile): Directory {
  const tailSize = Math.min(file.size, SIZE.end + LONGEST_COMMENT);
  const tail = view(file.bytes(file.size - tailSize, tailSize));
  for (let at = tailSize - SIZE.end; at >= 0; at--) {
    if (tail.getUint32(at, true) !== SIGNATURE.end) continue;
    const count = tail.getUint16(at + 10, true);
    const size = tail.getUint32(at + 12, true);
    const begin = tail.getUint32(at + 16, true);
    if (count !== TOO_MANY && size !== TOO_LARGE && begin !== TOO_LARGE) {
      return { begin, size, count };
    }
    return findLargeDirectory(file, file.size - tailSize + at);
  }
  throw cutShort();
}

function findLargeDirectory(file: InputFile, endRecord: number): Directory {
  const locator = record(file, endRecord - SIZE.locator64, "locator64");
  const end = record(file, long(locator, 8), "end64");
  return { count: long(end, 32), size: long(end, 40), begin: long(end, 48) };
}

interface ListedFile extends Omit<ZipEntry, "begin"> {
  /** Where the file's own header lies. */
  readonly header: number;
}

function listFiles(bytes: Uint8Array<ArrayBuffer>, count: number): ListedFile[] {
  const directory = view(bytes);
  const files: ListedFile[] = [];
  for (let at = 0; files.length < count;) {
    if (at + SIZE.central > bytes.length || directory.getUint32(at, true) !== SIGNATURE.central) {
      throw new Error("its list of files is damaged");
    }
    const [nameSize, extraSize, commentSize] = [28, 30, 32].map((field) =>
      directory.getUint16(at + field, true)
    );
    const nameEnd = at + SIZE.central + nameSize;
    const next = nameEnd + extraSize + commentSize;
    if (next > bytes.length) throw new Error("its list of files is damaged");
    const name = new TextDecoder().decode(bytes.subarray(at + SIZE.central, nameEnd));
    const isEncrypted = (directory.getUint16(at + 8, true) & 1) !== 0;
    if (directory.getUint16(at + 10, true) !== 0 || isEncrypted) {
      throw new Error(
        `its file ${quoted(name)} is compressed or encrypted, which torch.save never does`,
      );
    }
    const extra = view(bytes.subarray(nameEnd, nameEnd + extraSize));
    const [size, packed, header] = wideNumbers(
      extra,
      [24, 20, 42].map((field) => directory.getUint32(at + field, true)),
    );
    if (size !== packed) throw new Error(`its file ${quoted(name)} has two sizes`);
    files.push({ name, size, crc: directory.getUint32(at + 16, true), header });
    at = next;
  }
  return files;
}

/** The numbers, those that did not fit replaced by their 64-bit values, which follow each other in an extra field. */
function wideNumbers(extra: DataView, numbers: readonly number[]): number[] {
  const wide: number[] = [];
  for (let at = 0; at + 4 <= extra.byteLength;) {
    const [id, size] = [extra.getUint16(at, true), extra.getUint16(at + 2, true)];
    const end = Math.min(at + 4 + size, extra.byteLength);
    for (let i = at + 4; id === ZIP64_FIELD && i + 8 <= end; i += 8) wide.push(long(extra, i));
    at += 4 + size;
  }
  return numbers.map((number) => number === TOO_LARGE ? wide.shift() ?? TOO_LARGE : number);
}

/** Where a file's content begins, by its own header. */
function contentOf(file: InputFile, position: number): number {
  const header = record(file, position, "local");
  return position + SIZE.local + header.getUint16(26, true) + header.getUint16(28, true);
}

function record(file: InputFile, position: number, kind: keyof typeof SIZE): DataView {
  if (!(position >= 0 && position + SIZE[kind] <= file.size)) throw cutShort();
  const bytes = view(file.bytes(position, SIZE[kind]));
  if (bytes.getUint32(0, true) === SIGNATURE[kind]) return bytes;
  throw new Error("its list of files is damaged");
}

function long(bytes: DataView, at: number): number {
  return Number(bytes.getBigUint64(at, true));
}

function view(bytes: Uint8Array<ArrayBuffer>): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function cutShort(): Error {
  return new Error("it is cut short, or another program is still writing it");
}
