import { pipeline } from "node:stream/promises";
import { createReadStream, createWriteStream } from "node:fs";
import { Transform, type TransformCallback } from "node:stream";
import { createGunzip } from "node:zlib";
import { resolve } from "@std/path";
import { PARTIAL, removeIfThere } from "../../files/atomic_file.ts";
import { InputFile } from "../../files/input_file.ts";
import { isFile } from "../../files/is_file.ts";
import { cachePath, touchUnpacked, trimUnpacked } from "./cache.ts";
import type { ListingWatch } from "./walk.ts";

/** Images hardly pack: what grows more is no archive of images. */
const MOST_GROWTH = 100;
/** Small archives may: they are mostly blanks. */
const SMALL = 2 ** 26;

/** Whether a file is packed by gzip. */
export function isGzip(file: InputFile): boolean {
  const [first, second] = file.bytes(0, Math.min(2, file.size));
  return first === 0x1f && second === 0x8b;
}

/**
 * Unpacks a gzipped archive into the cache, once, so that its members can be read at any place.
 *
 * @param path The archive.
 * @param watch What ends the unpacking, and who is told where the cache is full. Default: nothing and nobody.
 * @returns Where it is unpacked.
 * @throws {Error} If it is damaged or cut short, grows more than images do, or the cache cannot be written; the message
 *   completes "Cannot read …: ".
 */
export async function gunzip(
  path: string,
  { signal, onNote = () => {} }: ListingWatch = {},
): Promise<string> {
  const { size, mtime } = Deno.statSync(path);
  const unpacked = cachePath("unpacked", [resolve(path), size, mtime?.getTime()], ".tar");
  if (isFile(unpacked)) {
    touchUnpacked(unpacked);
    return unpacked;
  }
  const partial = `${unpacked}.${crypto.randomUUID().slice(0, 8)}${PARTIAL}`;
  try {
    await pipeline(
      createReadStream(path),
      createGunzip(),
      limited(Math.max(SMALL, MOST_GROWTH * size)),
      createWriteStream(partial),
      { signal },
    );
    Deno.renameSync(partial, unpacked);
  } catch (cause) {
    removeIfThere(partial);
    const { message } = cause as Error;
    throw new Error(
      message === "unexpected end of file"
        ? "it is cut short: the download or the writing broke off, repeat it"
        : `it cannot be unpacked to ${unpacked} (${message})`,
      { cause },
    );
  }
  const note = trimUnpacked();
  if (note !== undefined) onNote(note);
  return unpacked;
}

/** Passes bytes on up to a number. */
function limited(most: number): Transform {
  let count = 0;
  return new Transform({
    transform(chunk: Uint8Array, _: string, done: TransformCallback) {
      count += chunk.length;
      if (count > most) done(new Error(`it grows beyond ${most} bytes, as no images do`));
      else done(null, chunk);
    },
  });
}
