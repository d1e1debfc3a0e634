import { InputFile } from "../../files/input_file.ts";
import { type ListingWatch, pauseListing } from "./walk.ts";

/** What files begin with that stand in another's place, and the cure. */
const KINDS: readonly (readonly [RegExp, (text: string) => string])[] = [
  [/^version https:\/\/git-lfs/, (text) => {
    const size = /\nsize (\d+)/.exec(text)?.[1];
    return `it is a pointer of Git LFS to a file of ${size} bytes: fetch that with git lfs pull`;
  }],
  [/^\s*<(!doctype|html|head|\?xml)/i, () => "it is a web page: the download failed, repeat it"],
  [/^\x28\xb5\x2f\xfd/, () => "it is packed by zstd: unpack it by unzstd"],
  [/^BZh\d/, () => "it is packed by bzip2: unpack it by bunzip2"],
  [/^\xfd7zXZ/, () => "it is packed by xz: unpack it by unxz"],
];

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
    for (const [pattern, reason] of KINDS) {
      if (pattern.test(head)) throw new Error(reason(head));
    }
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
export async function readEvery<T extends { readonly images: readonly unknown[] }>(
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
      images += one.images.length;
    } catch (error) {
      watch.signal?.throwIfAborted();
      const reason = (error as Error).message.replace(`Cannot read "${shard}": `, "");
      faults.push(`\n  ${shard}: ${reason}`);
    }
  }
  if (faults.length === 0) return found;
  const which = shards.length === 1 ? "" : `, ${faults.length} of ${shards.length} shards`;
  throw new Error(`Cannot read the images of ${root}${which}:${faults.join("")}`);
}
