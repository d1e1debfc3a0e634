/**
 * The files in which images lie packed together.
 *
 * @module
 */
import { DetailedError } from "../../files/detailed_error.ts";
import { InputFile } from "../../files/input_file.ts";
import { standIn } from "../../files/stand_in.ts";
import { type ListingWatch, pauseListing } from "./walk.ts";

/** Bytes in which what a file is shows. */
const HEAD = 512;

/**
 * Opens a file of images for reading.
 *
 * @throws {Error} If it is missing or empty, or something else lies in its place: a pointer of Git LFS, a web page.
 */
export function openShard(path: string): InputFile {
  const file = new InputFile(path);
  try {
    if (file.size === 0) throw new Error("it is empty: the download or the writing failed");
    const head = String.fromCharCode(...file.bytes(0, Math.min(HEAD, file.size)));
    const other = standIn(head);
    if (other !== undefined) throw new Error(other);
    return file;
  } catch (error) {
    file[Symbol.dispose]();
    throw error;
  }
}

/**
 * Reads every shard, and tells all that are at fault at once.
 *
 * @param root What the shards belong to.
 * @param shards The shards.
 * @param watch How reading is watched and stopped.
 * @param read Reads one.
 * @throws {Error} If some cannot be read; the message names each.
 */
export async function readEvery<T extends { readonly names: { readonly length: number } }>(
  root: string,
  shards: readonly string[],
  watch: ListingWatch,
  read: (shard: string) => T | Promise<T>,
): Promise<T[]> {
  const found: T[] = [];
  let images = 0;
  const faults: string[] = [];
  for (const shard of shards) {
    await pauseListing(images, watch);
    try {
      const one = await read(shard);
      found.push(one);
      images += one.names.length;
    } catch (error) {
      watch.signal?.throwIfAborted();
      const reason = (error as Error).message.replace(`Cannot read "${shard}": `, "");
      faults.push(`  ${shard}: ${reason}`);
    }
  }
  if (faults.length === 0) return found;
  const which = shards.length === 1 ? "" : `, ${faults.length} of ${shards.length} shards`;
  throw new DetailedError([`Cannot read the images of ${root}${which}:`, ...faults]);
}
