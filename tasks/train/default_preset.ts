import { extname, join } from "@std/path";
import type { PresetName } from "../../src/config/presets.ts";
import { decodeImage } from "../../src/data/codec/decode.ts";
import { readImageHeader } from "../../src/data/codec/image_header.ts";
import { scanImageFolder } from "../../src/data/folder.ts";

/** Images up to this side are small: patches of 14 pixels would cut them into a handful. */
const SMALL = 48;
/** Images that are looked at, spread over the folder. */
const SAMPLE = 32;
/** Bytes in which every header ends, profiles and thumbnails included. */
const HEADER = 2 ** 20;

/** How images are read. */
interface ImageOptions {
  /** Channels of the images. Default: 3. */
  readonly channels?: number;
}

/** A preset and why it was chosen. */
export interface ChosenPreset {
  /** The preset. */
  readonly name: PresetName;
  /** The reason, to follow "because". */
  readonly reason: string;
}

/**
 * The preset for a run that names none: `first_light` without images, `cifar10` for images whose shorter side is at most
 * 48 pixels (the median of up to 32 of them), else `vits14`.
 *
 * @param folder The folder of training images, or undefined for the built-in dataset.
 * @param options Their channels: other than three they may be arrays of NumPy.
 * @throws {Error} If the folder holds no images.
 */
export async function choosePreset(
  folder: string | undefined,
  options: ImageOptions = {},
): Promise<ChosenPreset> {
  if (folder === undefined) return { name: "first_light", reason: "no --data was given" };
  const { paths } = await scanImageFolder(folder, options);
  const count = Math.min(SAMPLE, paths.length);
  const sampled = Array.from(
    { length: count },
    (_, i) => paths[Math.floor(i * paths.length / count)],
  );
  const sides = (await Promise.all(sampled.map((path) => shorterSide(join(folder, path), options))))
    .filter((side) => side !== undefined)
    .sort((a, b) => a - b);
  const side = sides[(sides.length - 1) >> 1];
  if (side === undefined) return { name: "vits14", reason: "no image could be measured" };
  return {
    name: side <= SMALL ? "cifar10" : "vits14",
    reason: `the images are about ${side} pixels wide or high`,
  };
}

/** The shorter side of an image, or undefined if the file is no image. */
async function shorterSide(path: string, options: ImageOptions): Promise<number | undefined> {
  try {
    if (extname(path) === ".npy") {
      const { width, height } = await decodeImage(await Deno.readFile(path), options);
      return Math.min(width, height);
    }
    using file = await Deno.open(path);
    const bytes = new Uint8Array(Math.min(HEADER, (await file.stat()).size));
    let length = 0;
    while (length < bytes.length) {
      const read = await file.read(bytes.subarray(length));
      if (read === null) break;
      length += read;
    }
    const { width, height } = readImageHeader(bytes.subarray(0, length));
    return Math.min(width, height);
  } catch {
    return undefined;
  }
}
