/**
 * Packs images into tar shards.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { basename, join } from "@std/path";
import { PARTIAL, removeIfThere, syncFolder, writeTextAtomically } from "../files/atomic_file.ts";
import { namesIn } from "../files/folder_names.ts";
import { InputFile } from "../files/input_file.ts";
import { NumberCollector } from "../files/number_column.ts";
import { quoted } from "../files/quoted.ts";
import type { ImageFolder } from "./folder.ts";
import { type ImageFile, ImageFiles, type ImageFilesOptions } from "./image_files.ts";
import { MOST_WRITTEN_CHANNELS } from "./shrink_image.ts";
import { NO_LABEL } from "./sources/labels.ts";
import { openImages } from "./sources/open.ts";
import { readTar } from "./sources/tar.ts";
import { formatTarIndex, type IndexedMember, parseTarIndex } from "./sources/tar_index.ts";
import { writeEnd, writeMember } from "./sources/tar_writer.ts";

/** Options of {@linkcode shardImages}. */
export interface ShardOptions extends ImageFilesOptions {
  /** Images in a shard. Default: 10,000. */
  imagesPerShard?: number;
  /** Ends the writing when it is aborted, with its reason; what was written is removed. Default: never. */
  signal?: AbortSignal;
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
 * Copies the images of a source, byte by byte unless they are resized, into tar shards as webdataset reads them:
 * `000000042.jpg`, beside it `000000042.cls` with the number of its class and `000000042.json` with its path and class. An
 * index with the places of all members stands beside each shard. Both are then read back and compared with what was written.
 * Shards take their names when all are written: a folder that holds one holds them all.
 *
 * @param folder The images.
 * @param output A folder that is empty or missing.
 * @throws {RangeError} If images of so many channels cannot be resized, or the number of workers is not a positive integer.
 * @throws {Error} If the folder holds something, cannot be written, or differs from what was written, or no image can be read.
 */
export async function shardImages(
  folder: ImageFolder,
  output: string,
  options: ShardOptions = {},
): Promise<ShardedImages> {
  const { imagesPerShard = 10_000, shortSide, channels = 3, signal } = options;
  const { onProgress = () => {} } = options;
  if (shortSide !== undefined && channels > MOST_WRITTEN_CHANNELS) {
    throw new RangeError(
      `Cannot resize images of ${channels} channels: JPEG and PNG have ${MOST_WRITTEN_CHANNELS} at most`,
    );
  }
  const held = [...namesIn(output, "files"), ...namesIn(output, "folders")];
  if (held.length > 0) {
    throw new Error(`Cannot write shards to ${output}: it already holds ${held[0]}`);
  }
  using files = new ImageFiles(folder, options);
  Deno.mkdirSync(output, { recursive: true });
  const count = Math.ceil(folder.paths.length / imagesPerShard);
  const digits = Math.max(5, String(count).length);
  const written = new Written();
  try {
    for (let shard = 0; shard < count; shard++) {
      const path = join(output, `${String(shard).padStart(digits, "0")}.tar`);
      const begin = shard * imagesPerShard;
      const end = Math.min(folder.paths.length, begin + imagesPerShard);
      await writeShard(path, folder, { begin, end, files, written, signal, onProgress });
    }
    requireImages(folder, written);
  } catch (error) {
    for (const path of written.shards) removeIfThere(path + PARTIAL);
    throw error;
  }
  for (const [shard, path] of written.shards.entries()) {
    Deno.renameSync(path + PARTIAL, path);
    writeTextAtomically(indexPath(path), written.indexes[shard]);
  }
  syncFolder(output);
  await verify(output, written, channels);
  const { shards, skipped, images } = written;
  return { shards, images, skipped };
}

function requireImages({ root }: ImageFolder, { images, skipped }: Written): void {
  if (images > 0) return;
  const [{ path, reason }] = skipped;
  throw new Error(
    `Cannot write shards of ${root}: no image of ${skipped.length} can be read. The first, ${
      quoted(path)
    }: ${reason}`,
  );
}

/** Images between two turns of the event loop. */
const PAUSE = 8;

class Written {
  readonly shards: string[] = [];
  /** What the file beside each shard holds. */
  readonly indexes: string[] = [];
  readonly skipped: { path: string; reason: string }[] = [];
  images = 0;
  /** Hashes of all members of all shards, in order: of a million images, texts would take half a gigabyte. */
  readonly hashes = new NumberCollector();
}

interface ShardPart {
  readonly begin: number;
  readonly end: number;
  readonly files: ImageFiles;
  readonly written: Written;
  readonly signal?: AbortSignal;
  readonly onProgress: (done: number) => void;
}

async function writeShard(
  path: string,
  folder: ImageFolder,
  { begin, end, files, written, signal, onProgress }: ShardPart,
): Promise<void> {
  const partial = path + PARTIAL;
  const samples: IndexedMember[][] = [];
  try {
    using file = Deno.openSync(partial, { write: true, createNew: true });
    for (let index = begin; index < end; index++) {
      if ((index - begin) % PAUSE === 0) await new Promise((resolve) => setTimeout(resolve)); // lets a signal arrive
      signal?.throwIfAborted();
      const image = await files.next();
      if ("reason" in image) written.skipped.push({ path: folder.paths[index], ...image });
      else {
        samples.push(writeSample(file, folder, { index, written, ...image }));
        written.images++;
      }
      onProgress(index + 1);
    }
    writeEnd(file);
    file.syncSync();
  } catch (cause) {
    removeIfThere(partial);
    signal?.throwIfAborted();
    throw new Error(`Cannot write ${path}: ${(cause as Error).message}`, { cause });
  }
  written.shards.push(path);
  written.indexes.push(formatTarIndex(samples));
}

/** Where the index of a shard lies. */
function indexPath(shard: string): string {
  return shard.replace(/\.tar$/, ".idx");
}

interface WrittenSample extends ImageFile {
  readonly index: number;
  readonly written: Written;
}

function writeSample(
  file: Deno.FsFile,
  { paths, classes, labels }: ImageFolder,
  { index, bytes, ending, written }: WrittenSample,
): IndexedMember[] {
  const key = String(index).padStart(9, "0");
  const label = labels?.[index] ?? NO_LABEL;
  const facts = { path: paths[index], ...label !== NO_LABEL && { class: classes![label] } };
  const write = (ending: string, content: Uint8Array) => {
    const name = `${key}.${ending}`;
    written.hashes.push(hashOf(name, content));
    return { name, offset: writeMember(file, name, content), length: content.length };
  };
  return [
    write(ending, bytes),
    ...label === NO_LABEL ? [] : [write("cls", encoder.encode(String(label)))],
    write("json", encoder.encode(JSON.stringify(facts))),
  ];
}

const encoder = new TextEncoder();

/** Reads the shards and their indexes back. */
async function verify(
  output: string,
  { hashes: { column: hashes }, images, shards }: Written,
  channels: number,
): Promise<void> {
  const refuse = (what: string) => {
    throw new Error(`Cannot verify ${output}: ${what}`);
  };
  let count = 0;
  for (const path of shards) {
    const indexed = parseTarIndex(Deno.readTextFileSync(indexPath(path))).flat();
    using file = new InputFile(path);
    let member = 0;
    for (const { name, begin, size } of readTar(file, () => {})) {
      const place = indexed[member++];
      if (place?.name !== name || place.offset !== begin || place.length !== size) {
        refuse(`the index of ${basename(path)}/${name} differs from what was written`);
      }
      if (hashes[count++] === hashOf(name, file.borrow(begin, size))) continue;
      refuse(`${basename(path)}/${name} differs from what was written`);
    }
    if (member < indexed.length) refuse(`${basename(path)} lacks ${indexed[member].name}`);
  }
  const found = images === 0 ? 0 : (await openImages(output, { channels })).paths.length;
  if (found !== images) refuse(`it holds ${found} of ${images} images`);
}

/** The first 48 bits of the SHA-256 of a member. */
function hashOf(name: string, content: Uint8Array): number {
  return createHash("sha256").update(name).update(content).digest().readUIntBE(0, 6);
}
