/**
 * Keeps what reading a large shard told, so that its members are walked once.
 *
 * @module
 */
import { resolve } from "@std/path";
import { writeAll, writeAtomically } from "../../files/atomic_file.ts";
import { InputFile } from "../../files/input_file.ts";
import { cachePath, SETTLED } from "./cache.ts";
import { type LeftOut, LeftOutAccount } from "./left_out.ts";
import type { ListedImage } from "./listing.ts";

/** Bytes from which on the list of a shard's images is kept: smaller ones are walked in a blink. */
const LARGE = 2 ** 20;
/** To be raised where the same shard gives another list than before. */
const VERSION = 3;
/** Images in a line of an index: of more, the memory shows. */
const PART = 5000;
/** Bytes that are read at once. */
const CHUNK = 2 ** 20;

/** What reading a shard gives. */
interface Listed {
  readonly images: readonly ListedImage[];
}

/** What is kept of a shard. */
interface Index<T extends Listed> {
  /** What the file was like. */
  readonly size: number;
  readonly changed: number;
  /** What reading it gave. The images stand in lines of their own. */
  readonly found: T;
  readonly leftOut: readonly LeftOut[];
}

/**
 * Reads the list of a shard's images. That of a large shard is kept in the cache, and taken from there as long as the file
 * has the same size and time of change.
 *
 * @param path The shard.
 * @param asked What the list depends on beside the file, as JSON tells it.
 * @param leftOut Takes what the shard does not give.
 * @param read Reads the list: plain data that JSON can hold.
 * @param options Bytes from which on it is kept. Default: 1 MiB.
 * @throws {Error} If it cannot be read.
 */
export async function indexShard<T extends Listed>(
  path: string,
  asked: unknown,
  leftOut: LeftOutAccount,
  read: (leftOut: LeftOutAccount) => T | Promise<T>,
  { large = LARGE }: { large?: number } = {},
): Promise<T> {
  const started = Date.now();
  const { size, changed } = stateOf(path);
  const index = size >= large ? indexPath(path, asked) : undefined;
  let list = index === undefined ? undefined : readIndex<T>(index, path, { size, changed });
  if (list === undefined) {
    const own = new LeftOutAccount();
    list = { size, changed, found: await read(own), leftOut: own.list() };
    if (index !== undefined && changed <= started - SETTLED) writeIndex(index, path, list);
  }
  leftOut.addAll(list.leftOut);
  return list.found;
}

function stateOf(path: string): { size: number; changed: number } {
  try {
    const { size, mtime } = Deno.statSync(path);
    return { size, changed: mtime?.getTime() ?? Infinity };
  } catch {
    return { size: 0, changed: Infinity }; // gone, which reading tells
  }
}

/** Where the list of a shard is kept, or undefined where there can be no cache. */
function indexPath(path: string, asked: unknown): string | undefined {
  try {
    return cachePath("indexes", [VERSION, resolve(path), asked], ".json");
  } catch {
    return undefined;
  }
}

function readIndex<T extends Listed>(
  index: string,
  path: string,
  { size, changed }: { size: number; changed: number },
): Index<T> | undefined {
  try {
    using file = new InputFile(index);
    const lines = linesOf(file);
    const list: Index<T> & { count: number } = JSON.parse(lines.next().value!);
    if (list.size !== size || list.changed !== changed) return undefined;
    const images: ListedImage[] = [];
    for (const line of lines) {
      for (const { sample, ...image } of JSON.parse(line) as ListedImage[]) {
        images.push({ ...image, sample: { ...sample, path } }); // one string for all, as it is typed this time
      }
    }
    if (images.length !== list.count) return undefined;
    return { ...list, found: { ...list.found, images } };
  } catch {
    return undefined; // none, or damaged
  }
}

function writeIndex(index: string, path: string, list: Index<Listed>): void {
  const { size, changed } = stateOf(path);
  if (size !== list.size || changed !== list.changed) return; // it has changed since
  try {
    const { images, ...found } = list.found;
    writeAtomically(index, (file) => {
      const write = (line: unknown) => writeAll(file, encoder.encode(JSON.stringify(line) + "\n"));
      write({ ...list, found, count: images.length });
      for (let begin = 0; begin < images.length; begin += PART) {
        write(images.slice(begin, begin + PART).map(withoutPath));
      }
    });
  } catch {
    // The shard is read again next time.
  }
}

const encoder = new TextEncoder();

function withoutPath({ sample, ...image }: ListedImage): unknown {
  return { ...image, sample: { ...sample, path: undefined } };
}

/** The lines of a file, each decoded by itself. */
function* linesOf(file: InputFile): Generator<string, undefined> {
  const decoder = new TextDecoder();
  let line = "";
  for (let at = 0; at < file.size; at += CHUNK) {
    const bytes = file.bytes(at, Math.min(CHUNK, file.size - at));
    const [end, ...others] = decoder.decode(bytes, { stream: true }).split("\n");
    line += end;
    for (const next of others) {
      yield line;
      line = next;
    }
  }
}
