import type { MixtureEntry } from "../../src/config/mixture_entry.ts";
import type { PresetName } from "../../src/config/presets.ts";
import { decodeImage } from "../../src/data/codec/decode.ts";
import { isNpy } from "../../src/data/codec/formats.ts";
import { readImageHeader } from "../../src/data/codec/image_header.ts";
import { type ImageFolder, locate } from "../../src/data/folder.ts";
import { spreadEvenly } from "../../src/data/sampler.ts";
import { readSample, type SampleLocator } from "../../src/data/sources/sample.ts";
import { listSource } from "../cli/open_source.ts";

/** Images up to this side are small: patches of 14 pixels would cut them into a handful. */
const SMALL = 48;
/** Images that are looked at, spread over the folder. */
const SAMPLE = 32;

/** How images are read. */
interface ImageOptions {
  /** Channels of the images. Default: 3. */
  readonly channels?: number;
}

/** A preset and why it was chosen. */
interface ChosenPreset {
  /** The preset. */
  readonly name: PresetName;
  /** The reason, to follow "because". */
  readonly reason: string;
  /** The images that it was chosen by. */
  readonly images?: ImageFolder;
}

/**
 * The preset for a run that names none: `first_light` without images, `cifar10` for images whose shorter side is at most
 * 48 pixels (the median of up to 32 of them), else `vits14`.
 *
 * @param sources The sources of training images; none for the built-in dataset.
 * @param options Their channels: other than three they may be arrays of NumPy.
 * @throws {Error} If the folder holds no images.
 */
export async function choosePreset(
  sources: readonly MixtureEntry[],
  options: ImageOptions = {},
): Promise<ChosenPreset> {
  if (sources.length === 0) return { name: "first_light", reason: "no --data was given" };
  const images = await listSource(sources, options);
  const sampled = spreadEvenly(images.paths.length, SAMPLE).map((index) => locate(images, index));
  const sides = (await Promise.all(sampled.map((sample) => shorterSide(sample, options))))
    .filter((side) => side !== undefined)
    .sort((a, b) => a - b);
  const side = sides[(sides.length - 1) >> 1];
  if (side === undefined) return { name: "vits14", reason: "no image could be measured", images };
  return {
    images,
    name: side <= SMALL ? "cifar10" : "vits14",
    reason: `the images are about ${side} pixels wide or high`,
  };
}

/** The shorter side of an image, or undefined if it is none. */
async function shorterSide(
  sample: SampleLocator,
  options: ImageOptions,
): Promise<number | undefined> {
  try {
    const bytes = await readSample(sample);
    const { width, height } = isNpy(bytes)
      ? await decodeImage(bytes, options)
      : await readImageHeader(bytes);
    return Math.min(width, height);
  } catch {
    return undefined;
  }
}
