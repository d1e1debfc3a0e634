import { crc32, inflateRawSync } from "node:zlib";
import { quoted } from "../quoted.ts";
import type { InputFile } from "../input_file.ts";
import { readRecord } from "./directory.ts";
import { METHOD, SIZE, type ZipEntry } from "./format.ts";

const CHUNK = 2 ** 20;

/** Bytes of a file and their checksum. */
export interface CheckedBytes {
  /** The first byte. */
  readonly begin: number;
  /** The number of bytes. */
  readonly size: number;
  /** The checksum of the bytes; 0 where none was taken. */
  readonly crc: number;
}

/**
 * Where the bytes of a file in an archive begin, which its own header says.
 *
 * @throws {Error} When they would overlap what follows; the message completes "Cannot read …: ".
 */
export function contentBegin(
  archive: InputFile,
  { name, header, limit, packedSize }: ZipEntry,
): number {
  const local = readRecord(archive, header, "local");
  const begin = header + SIZE.local + local.getUint16(26, true) + local.getUint16(28, true);
  if (begin + packedSize <= limit) return begin;
  throw new Error(`its file ${quoted(name)} overlaps another or comes twice`);
}

/**
 * Reads a file in an archive, stored or deflated.
 *
 * @throws {Error} When it is damaged, encrypted or packed in another way; the message completes "Cannot read …: ".
 */
export function readZipContent(archive: InputFile, entry: ZipEntry): Uint8Array<ArrayBuffer> {
  const { name, method, isEncrypted, size, packedSize, crc } = entry;
  const isReadable = method === METHOD.stored || method === METHOD.deflated;
  if (isEncrypted || !isReadable) {
    const how = isEncrypted ? "encrypted" : `packed by method ${method}`;
    throw new Error(
      `its file ${quoted(name)} is ${how}; only stored and deflated ones can be read`,
    );
  }
  const packed = archive.bytes(contentBegin(archive, entry), packedSize);
  const content = method === METHOD.stored ? packed : inflated(packed, entry);
  if (content.length === size && (crc === 0 || crc32(content) === crc)) return content;
  throw damaged(name);
}

/**
 * Checks bytes by their checksum, a few at a time.
 *
 * @throws {Error} When they changed since it was taken; the message completes "Cannot read …: ".
 */
export function checkBytes(file: InputFile, { begin, size, crc }: CheckedBytes): void {
  if (crc === 0) return;
  let found = 0;
  for (let done = 0; done < size; done += CHUNK) {
    found = crc32(file.borrow(begin + done, Math.min(CHUNK, size - done)), found);
  }
  if (found !== crc) throw new Error("it is damaged: a checksum in it does not match its bytes");
}

/** Unpacks no more than the directory lists, whatever the bytes would grow to. */
function inflated(packed: Uint8Array<ArrayBuffer>, { name, size }: ZipEntry) {
  try {
    const content = inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
    return new Uint8Array(content.buffer as ArrayBuffer, content.byteOffset, content.length);
  } catch {
    throw damaged(name);
  }
}

function damaged(name: string): Error {
  return new Error(`its file ${quoted(name)} is damaged`);
}
