/**
 * How large the images of a source are, read once.
 *
 * @module
 */
import { writeAll, writeAtomically } from "../../files/atomic_file.ts";
import { readImageHeader } from "../codec/image_header.ts";
import { fingerprint } from "../fingerprint.ts";
import { type ImageFolder, locate } from "../folder.ts";
import { cachePath } from "./cache.ts";
import { readSample, type SampleLocator } from "./sample.ts";
import { type ListingWatch, pauseListing } from "./walk.ts";

/** Images from which on sizes are kept: of fewer they are read in a blink. */
const LARGE = 1000;
/** To be raised where the same images give other sizes than before. */
const VERSION = 1;
/** Images between two pauses. */
const PAUSE = 500;
/** Bytes of a file in which its header most often ends. */
const HEAD = 2 ** 16;

/**
 * Width and height of every image. Those of a large source are kept in the cache, and taken from there until a file changes.
 *
 * @param folder The images.
 * @param options Images from which on sizes are kept, by default 1,000, and how to watch the reading.
 * @returns Two numbers for each image; 0 and 0 where it cannot be read.
 */
export async function imageSizes(
  folder: ImageFolder,
  { large = LARGE, ...watch }: { large?: number } & ListingWatch = {},
): Promise<Uint32Array> {
  const count = folder.paths.length;
  const index = count >= large ? indexPath(folder) : undefined;
  const kept = index && readIndex(index, count);
  if (kept) return kept;
  const sizes = new Uint32Array(2 * count);
  for (let image = 0; image < count; image++) {
    if (image % PAUSE === 0) await pauseListing(image, watch);
    try {
      const { width, height } = await readHeader(locate(folder, image));
      sizes.set([width, height], 2 * image);
    } catch {
      // which is told when it is decoded
    }
  }
  if (index !== undefined) writeIndex(index, sizes);
  return sizes;
}

/** Reads the header of an image, without the rest of its file where that can be. */
async function readHeader(sample: SampleLocator): Promise<{ width: number; height: number }> {
  const head = headOf(sample);
  if (head !== undefined) {
    try {
      return await readImageHeader(await readSample(head));
    } catch {
      // It goes on behind, or the file is packed.
    }
  }
  return await readImageHeader(await readSample(sample));
}

function headOf(sample: SampleLocator): SampleLocator | undefined {
  if ("row" in sample || "entry" in sample) return undefined;
  const { length = Deno.statSync(sample.path).size } = sample;
  return length > HEAD ? { ...sample, length: HEAD } : undefined;
}

/** Where sizes are kept, or undefined where there can be no cache. */
function indexPath(folder: ImageFolder): string | undefined {
  try {
    return cachePath("indexes", ["sizes", VERSION, fingerprint(folder)], ".sizes");
  } catch {
    return undefined;
  }
}

function readIndex(index: string, count: number): Uint32Array | undefined {
  try {
    const bytes = Deno.readFileSync(index);
    return bytes.length === 8 * count ? new Uint32Array(bytes.buffer) : undefined;
  } catch {
    return undefined; // none
  }
}

function writeIndex(index: string, sizes: Uint32Array): void {
  try {
    writeAtomically(index, (file) => writeAll(file, new Uint8Array(sizes.buffer)));
  } catch {
    // They are read again next time.
  }
}
