/**
 * Writes tar archives, in the ustar dialect with pax records for what does not fit.
 *
 * @module
 */
import { writeAll } from "../../files/atomic_file.ts";

const BLOCK = 512;
const encoder = new TextEncoder();

/** Writes a file into an archive, and tells where in it the content begins. */
export function writeMember(archive: Deno.FsFile, name: string, content: Uint8Array): number {
  const encoded = encoder.encode(name);
  if (encoded.length > 100) {
    const records = record("path", name);
    writeBlocks(archive, header("pax", records.length, "x"), records);
    return writeBlocks(archive, header(name.slice(0, 20), content.length, "0"), content);
  }
  return writeBlocks(archive, header(name, content.length, "0"), content);
}

/** Ends an archive. */
export function writeEnd(archive: Deno.FsFile): void {
  writeAll(archive, new Uint8Array(2 * BLOCK));
}

function writeBlocks(archive: Deno.FsFile, header: Uint8Array, content: Uint8Array): number {
  writeAll(archive, header);
  const begin = archive.seekSync(0, Deno.SeekMode.Current);
  writeAll(archive, content);
  writeAll(archive, new Uint8Array(-content.length & (BLOCK - 1)));
  return begin;
}

/** One pax record, which begins with its own length in bytes. */
function record(key: string, value: string): Uint8Array {
  const rest = encoder.encode(` ${key}=${value}\n`).length;
  let length = rest + String(rest).length;
  if (String(length).length > String(rest).length) length++;
  return encoder.encode(`${length} ${key}=${value}\n`);
}

function header(name: string, size: number, type: string): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string) => block.set(encoder.encode(text), at);
  put(0, name);
  put(100, "0000644\0");
  put(108, "0000000\0");
  put(116, "0000000\0");
  put(124, size.toString(8).padStart(11, "0") + "\0");
  put(136, "00000000000\0"); // no time: the same images give the same archive
  put(148, "        ");
  put(156, type);
  put(257, "ustar\x0000");
  const sum = block.reduce((sum, byte) => sum + byte, 0);
  put(148, sum.toString(8).padStart(6, "0") + "\0 ");
  return block;
}
