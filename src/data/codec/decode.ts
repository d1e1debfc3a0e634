/**
 * Decodes image files by content.
 *
 * @module
 */
import { decodeChannels } from "./decode_channels.ts";
import { decodeByHost } from "./host.ts";
import type { DecodedImage } from "../image.ts";
import { type ImageFormat, readImageHeader } from "./image_header.ts";
import { decodeJpeg } from "./jpeg.ts";
import { decodeTiff } from "./tiff.ts";
import { decodeGif, decodePng } from "./wasm.ts";

/**
 * The most pixels an image may have, where Pillow begins to suspect a decompression bomb.
 *
 * An image of this size takes 268 MB decoded.
 */
export const MAX_PIXELS = 89_478_485;

/** Options of {@linkcode decodeImage}. */
export interface DecodeOptions {
  /** Channels of the image, 1 to 16. Default: 3, red, green and blue. */
  channels?: number;
}

/**
 * Decodes the bytes of an image file to RGB, whatever the file is called.
 *
 * The result is what the reference gets from PIL's `convert("RGB")`: alpha is dropped, the first
 * frame of an animation is taken, orientation tags are ignored. The pixels are the same, but for
 * lossy WebP and inks, which differ by a few grey levels. Of 16-bit samples the high byte is kept.
 *
 * For another number of channels, see {@linkcode decodeChannels}: there, 16 bits are kept.
 *
 * @throws {Error} If the bytes are no image, damaged, cut off, or larger than {@link MAX_PIXELS};
 *   the message is the reason, worded to follow a file name and a colon.
 */
export async function decodeImage(
  bytes: Uint8Array<ArrayBuffer>,
  { channels = 3 }: DecodeOptions = {},
): Promise<DecodedImage> {
  if (channels !== 3) return await decodeChannels(bytes, { channels, maxPixels: MAX_PIXELS });
  const { format, width, height } = readImageHeader(bytes);
  if (width * height > MAX_PIXELS) {
    throw new Error(`${width}x${height} pixels exceed the limit of ${MAX_PIXELS}`);
  }
  let image: DecodedImage;
  try {
    image = await DECODERS[format](bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`damaged or unsupported ${format} (${reason})`, { cause: error });
  }
  if (image.width * image.height * 3 !== image.pixels.length) {
    throw new Error(`damaged ${format} (its pixels do not fill ${image.width}x${image.height})`);
  }
  return image;
}

type Decoder = (bytes: Uint8Array<ArrayBuffer>) => DecodedImage | Promise<DecodedImage>;

const DECODERS: Record<ImageFormat, Decoder> = {
  JPEG: decodeJpeg,
  PNG: decodePng,
  GIF: decodeGif,
  TIFF: decodeTiff,
  WebP: decodeByHost,
  BMP: decodeByHost,
};
