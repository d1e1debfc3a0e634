/**
 * Packs images into tar shards.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "@std/path";
import { PARTIAL, removeIfThere, syncFolder } from "../files/atomic_file.ts";
import { namesIn } from "../files/folder_names.ts";
import { readImageHeader } from "./codec/image_header.ts";
import { type ImageFolder, locate } from "./folder.ts";
import { NO_LABEL } from "./sources/labels.ts";
import { openImages } from "./sources/open.ts";
import { readSample } from "./sources/sample.ts";
import { writeEnd, writeMember } from "./sources/tar_writer.ts";

/** Options of {@linkcode shardImages}. */
export interface ShardOptions {
  /** Images in a shard. Default: 10,000. */
  imagesPerShard?: number;
  /** Called with the number of images done. Default: ignored. */
  onProgress?: (done: number) => void;
}

/** What was written. */
export interface ShardedImages {
  /** The shards. */
  readonly shards: readonly string[];
  /** Images in them. */
  readonly images: number;
  /** Images that could not be read, and why. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Copies the images of a source, byte by byte, into tar shards as webdataset reads them: `000000042.jpg`, beside it
 * `000000042.cls` with the number of its class and `000000042.json` with its path and class. The shards are then read back
 * and compared with what was written.
 *
 * @param folder The images.
 * @param output A folder that is empty or missing.
 * @throws {Error} If the folder holds something, cannot be written, or holds other bytes than were written.
 */
export async function shardImages(
  folder: ImageFolder,
  output: string,
  { imagesPerShard = 10_000, onProgress = () => {} }: ShardOptions = {},
): Promise<ShardedImages> {
  const held = [...namesIn(output, "files"), ...namesIn(output, "folders")];
  if (held.length > 0) {
    throw new Error(`Cannot write shards to ${output}: it already holds ${held[0]}`);
  }
  Deno.mkdirSync(output, { recursive: true });
  const count = Math.ceil(folder.paths.length / imagesPerShard);
  const digits = Math.max(5, String(count).length);
  const written = new Written();
  for (let shard = 0; shard < count; shard++) {
    const path = join(output, `${String(shard).padStart(digits, "0")}.tar`);
    const begin = shard * imagesPerShard;
    const end = Math.min(folder.paths.length, begin + imagesPerShard);
    await writeShard(path, folder, { begin, end, written, onProgress });
  }
  syncFolder(output);
  await verify(output, written.hashes);
  const { shards, skipped, hashes } = written;
  return { shards, images: hashes.length, skipped };
}

class Written {
  readonly shards: string[] = [];
  readonly skipped: { path: string; reason: string }[] = [];
  /** SHA-256 of each image's bytes. */
  readonly hashes: string[] = [];
}

interface ShardPart {
  readonly begin: number;
  readonly end: number;
  readonly written: Written;
  readonly onProgress: (done: number) => void;
}

async function writeShard(
  path: string,
  folder: ImageFolder,
  { begin, end, written, onProgress }: ShardPart,
): Promise<void> {
  const partial = path + PARTIAL;
  try {
    using file = Deno.openSync(partial, { write: true, createNew: true });
    for (let index = begin; index < end; index++) {
      try {
        const bytes = await readSample(locate(folder, index));
        const { format } = readImageHeader(bytes);
        written.hashes.push(hashOf(bytes));
        writeSample(file, folder, {
          index,
          bytes,
          ending: ENDINGS[format] ?? format.toLowerCase(),
        });
      } catch (error) {
        if (error instanceof DiskError) throw error.cause;
        written.skipped.push({ path: folder.paths[index], reason: (error as Error).message });
      }
      onProgress(index + 1);
    }
    writeEnd(file);
    file.syncSync();
    Deno.renameSync(partial, path);
  } catch (cause) {
    removeIfThere(partial);
    throw new Error(`Cannot write ${path}: ${(cause as Error).message}`, { cause });
  }
  written.shards.push(path);
}

/** Endings of names where they are not the format's. */
const ENDINGS: Readonly<Record<string, string>> = { JPEG: "jpg", TIFF: "tif" };

/** That the disk, not the image, is at fault. */
class DiskError extends Error {}

function writeSample(
  file: Deno.FsFile,
  { paths, classes, labels }: ImageFolder,
  { index, bytes, ending }: { index: number; bytes: Uint8Array; ending: string },
): void {
  const key = String(index).padStart(9, "0");
  const label = labels?.[index] ?? NO_LABEL;
  const facts = { path: paths[index], ...label !== NO_LABEL && { class: classes![label] } };
  try {
    writeMember(file, `${key}.${ending}`, bytes);
    if (label !== NO_LABEL) writeMember(file, `${key}.cls`, encoder.encode(String(label)));
    writeMember(file, `${key}.json`, encoder.encode(JSON.stringify(facts)));
  } catch (cause) {
    throw new DiskError("", { cause });
  }
}

const encoder = new TextEncoder();

/** Reads the shards back. */
async function verify(output: string, hashes: readonly string[]): Promise<void> {
  if (hashes.length === 0) return;
  const shards = await openImages(output);
  for (const [index, path] of shards.paths.entries()) {
    if (hashOf(await readSample(locate(shards, index))) === hashes[index]) continue;
    throw new Error(`Cannot trust ${output}: ${path} holds other bytes than were written`);
  }
  if (shards.paths.length === hashes.length) return;
  throw new Error(
    `Cannot trust ${output}: it holds ${shards.paths.length} of ${hashes.length} images`,
  );
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
