/**
 * Decodes image files to another number of channels than three.
 *
 * @module
 */
import type { DecodedImage } from "../image.ts";
import { decodeByHost } from "./host.ts";
import { type ImageFormat, readImageHeader } from "./image_header.ts";
import { readJpegSamples } from "./jpeg.ts";
import { readNpySamples } from "./npy_samples.ts";
import { readPngSamples } from "./png_samples.ts";
import type { Samples } from "./samples.ts";
import { decodeTiff } from "./tiff.ts";
import { photometrics, readTiffSamples } from "./tiff_samples.ts";
import { toChannels } from "./to_channels.ts";
import { decodeGif, decodePng } from "./wasm.ts";

/** Options of {@linkcode decodeChannels}. */
export interface ChannelOptions {
  /** Channels of the image. */
  readonly channels: number;
  /** Most pixels. */
  readonly maxPixels: number;
}

/**
 * Decodes the bytes of an image file, or of an array of `numpy.save`, to a number of channels; see
 * {@linkcode toChannels}. Samples of 16 bits keep their precision.
 *
 * @throws {Error} If the bytes are no image, damaged, cut off, too large or of other channels; the message is the reason.
 */
export async function decodeChannels(
  bytes: Uint8Array<ArrayBuffer>,
  { channels, maxPixels }: ChannelOptions,
): Promise<DecodedImage> {
  if (bytes[0] === 0x93) return toChannels(readNpySamples(bytes, maxPixels, channels), channels);
  const { format, width, height } = readImageHeader(bytes);
  if (width * height > maxPixels) {
    throw new Error(`${width}x${height} pixels exceed the limit of ${maxPixels}`);
  }
  let samples: Samples;
  try {
    samples = await READERS[format](bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`damaged or unsupported ${format} (${reason})`, { cause: error });
  }
  return toChannels(samples, channels);
}

type Reader = (bytes: Uint8Array<ArrayBuffer>) => Samples | Promise<Samples>;

const READERS: Record<ImageFormat, Reader> = {
  JPEG: readJpegSamples,
  PNG: readPng,
  TIFF: readTiff,
  GIF: async (bytes) => asSamples(await decodeGif(bytes)),
  WebP: async (bytes) => asSamples(await decodeByHost(bytes)),
  BMP: async (bytes) => asSamples(await decodeByHost(bytes)),
};

/** Byte and colour type of a PNG's header. */
const PNG_BITS = 24;
const PNG_TYPE = 25;
const PNG_PALETTE = 3;

async function readPng(bytes: Uint8Array<ArrayBuffer>): Promise<Samples> {
  if (bytes[PNG_TYPE] === PNG_PALETTE) return asSamples(await decodePng(bytes));
  const samples = readPngSamples(bytes, Infinity); // the limit has been looked at
  const bits = bytes[PNG_BITS];
  if (bits >= 8) return samples;
  const full = 2 ** bits - 1;
  return { ...samples, values: Uint8Array.from(samples.values, (value) => 255 * value / full) };
}

function readTiff(bytes: Uint8Array): Samples {
  const samples = readTiffSamples(bytes);
  const { photometric, values } = samples;
  if (photometric === photometrics.palette || photometric === photometrics.cmyk) {
    return asSamples(decodeTiff(bytes));
  }
  if (photometric !== photometrics.whiteIsZero) return samples;
  const full = values instanceof Uint8Array ? 255 : 65535;
  return { ...samples, values: values.map((value) => full - value) };
}

function asSamples({ width, height, pixels }: DecodedImage): Samples {
  return { width, height, channels: 3, values: pixels };
}
