/**
 * Where the bytes of an image lie, and how they are read.
 *
 * @module
 */
import { gunzipSync } from "node:zlib";
import { InputFile } from "../../files/input_file.ts";
import { readZipContent } from "../../files/zip/content.ts";
import type { ZipEntry } from "../../files/zip/format.ts";
import type { ParquetRow } from "./parquet_rows.ts";

/** A file, or a part of one, that is an image as it is. */
export interface FilePart {
  /** The file on disk. */
  readonly path: string;
  /** The image's first byte. Default: the file's. */
  readonly offset?: number;
  /** The image's length in bytes. Default: the file's. */
  readonly length?: number;
}

/** A file in a zip archive. */
export interface ZipMember {
  /** The archive. */
  readonly path: string;
  /** What its directory says of the file. */
  readonly entry: ZipEntry;
}

/** Where the bytes of an image lie: plain data, so that a worker can be sent it. */
export type SampleLocator = FilePart | ZipMember | ParquetRow;

/** No image within the pixel limit is stored in more: this is 16-bit RGB with room to spare. */
const MAX_SAMPLE_BYTES = 2 ** 30;

/**
 * Reads the bytes of an image. They may lie in memory that other images are read from again: copy them to change them.
 *
 * @throws {Error} If they are not there, or more than a gibibyte; the message is the reason, worded to
 *   follow the image's name and a colon.
 */
export async function readSample(sample: SampleLocator): Promise<Uint8Array<ArrayBuffer>> {
  if ("row" in sample) {
    const { readParquetRow } = await import("./parquet_rows.ts"); // which few workers need
    return await readParquetRow(sample);
  }
  if ("entry" in sample) return readZipMember(sample);
  try {
    const { offset = 0, length } = sample;
    const { size, isFile } = Deno.statSync(sample.path); // before it is opened: a pipe would wait
    if (!isFile) throw new Error("not a regular file");
    const wanted = length ?? size;
    if (wanted > MAX_SAMPLE_BYTES) throw new Error(`the file has ${wanted} bytes`);
    using file = Deno.openSync(sample.path);
    return unpacked(readPart(file, offset, wanted));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new Error("the file is gone");
    throw error;
  }
}

/** What a gzipped file holds, as some of ImageNet-22k are; others as they are. */
function unpacked(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const content = gunzipSync(bytes, { maxOutputLength: MAX_SAMPLE_BYTES });
  return new Uint8Array(content.buffer as ArrayBuffer, content.byteOffset, content.length);
}

function readZipMember({ path, entry }: ZipMember): Uint8Array<ArrayBuffer> {
  if (entry.size > MAX_SAMPLE_BYTES) throw new Error(`the file has ${entry.size} bytes`);
  using archive = new InputFile(path);
  return readZipContent(archive, entry);
}

function readPart(file: Deno.FsFile, offset: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  file.seekSync(offset, Deno.SeekMode.Start);
  for (let filled = 0; filled < length;) {
    const count = file.readSync(bytes.subarray(filled));
    if (count === null) throw new Error(`its file ends after ${offset + filled} bytes: it was cut`);
    filled += count;
  }
  return bytes;
}
