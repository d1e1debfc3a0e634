/**
 * What the images of a source are, one by one.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { DecodeOptions } from "./codec/decode.ts";
import { isNpy } from "./codec/formats.ts";
import { readCameraOrientation, readImageHeader } from "./codec/image_header.ts";
import type { DecodePoolOptions } from "./decode_pool.ts";
import { type ImageFolder, locate, placesOf } from "./folder.ts";
import { type DecodedImage, MAX_PIXELS } from "./image.ts";
import { evaluationBatches, type LoaderOptions } from "./loader.ts";
import { readSample } from "./sources/sample.ts";

/** What an image's file says about itself. */
export interface InspectedImage {
  /** Its index in the folder. */
  readonly index: number;
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** What kind of file it is, such as JPEG. */
  readonly format: string;
  /** Bytes of the file. */
  readonly bytes: number;
  /** How its EXIF data or XMP say to turn it, 1 to 8; 1 is upright. */
  readonly orientation: number;
  /** SHA-256 of the file. */
  readonly fileHash: string;
}

/** An image that cannot be read, and why. */
export interface UnreadableImage {
  /** Its index in the folder. */
  readonly index: number;
  /** Why. */
  readonly reason: string;
}

/**
 * Reads the files of a folder's images, without decoding them, in order.
 *
 * @param folder The images.
 * @param options Their channels: where they are not 3, files of `numpy.save` are images too. Default: 3.
 */
export async function* inspectFiles(
  folder: ImageFolder,
  { channels = 3 }: Pick<DecodeOptions, "channels"> = {},
): AsyncGenerator<InspectedImage | UnreadableImage> {
  for (let index = 0; index < folder.paths.length; index++) {
    try {
      const bytes = await readSample(locate(folder, index));
      const fileHash = createHash("sha256").update(bytes).digest("hex");
      yield { index, ...await factsOf(bytes, channels), bytes: bytes.length, fileHash };
    } catch (error) {
      yield { index, reason: (error as Error).message };
    }
  }
}

async function factsOf(
  bytes: Uint8Array,
  channels: number,
): Promise<Pick<InspectedImage, "width" | "height" | "format" | "orientation">> {
  if (channels !== 3 && isNpy(bytes)) {
    const { readNpySamples } = await import("./codec/npy_samples.ts");
    const { width, height } = readNpySamples(bytes, MAX_PIXELS, channels);
    return { width, height, format: "NumPy", orientation: 1 };
  }
  return { ...await readImageHeader(bytes), orientation: await readCameraOrientation(bytes) };
}

/** A decoded image. */
export interface HashedImage {
  /** Its index in the folder. */
  readonly index: number;
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** SHA-256 of its RGB bytes, row by row. */
  readonly pixelHash: string;
}

/**
 * Decodes every image of a folder as training and evaluations do.
 *
 * @param folder The images.
 * @param options Decoding threads, or those to share. Default: one thread for each core.
 * @returns The images in order, then those that cannot be decoded.
 */
export async function* hashPixels(
  folder: ImageFolder,
  options: Pick<LoaderOptions, "pool" | "signal" | "onNote"> & DecodePoolOptions = {},
): AsyncGenerator<HashedImage | UnreadableImage> {
  for await (const image of decodeEach(folder, options)) {
    if ("reason" in image) yield image;
    else {
      const { index, width, height, pixels: { buffer, byteOffset, byteLength } } = image;
      const bytes = new Uint8Array(buffer, byteOffset, byteLength);
      yield { index, width, height, pixelHash: createHash("sha256").update(bytes).digest("hex") };
    }
  }
}

/** Decodes every image of a folder as {@linkcode hashPixels} does. */
export async function* decodeEach(
  folder: ImageFolder,
  options: Parameters<typeof hashPixels>[1] = {},
): AsyncGenerator<DecodedImage & { readonly index: number } | UnreadableImage> {
  using loader = evaluationBatches(folder, { ...options, maxBrokenFraction: 1, cacheBytes: 0 });
  try {
    for await (const { images, indices } of loader) {
      for (const [i, image] of images.entries()) yield { ...image, index: indices[i] };
    }
  } catch (error) {
    if (options.signal?.aborted || loader.brokenFiles.length < folder.paths.length) throw error; // not a single one can be decoded
  }
  const places = placesOf(folder.paths, loader.brokenFiles.map(({ path }) => path));
  for (const { path, reason } of loader.brokenFiles) yield { index: places.get(path)!, reason };
}
