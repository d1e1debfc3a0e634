/**
 * Decodes image files by content.
 *
 * @module
 */
import { type DecodedImage, MAX_PIXELS } from "../image.ts";
import { FORMATS, isNpy } from "./formats.ts";
import { readImageHeader } from "./image_header.ts";
import { readNpySamples } from "./npy_samples.ts";
import type { Picture } from "./samples.ts";
import { toChannels } from "./to_channels.ts";
import { turn } from "./turn.ts";

/** Options of {@linkcode decodeImage}. */
export interface DecodeOptions {
  /** Channels of the image, 1 to 16. Default: 3, red, green and blue. */
  channels?: number;
  /** The most pixels an image may have. Default: {@linkcode MAX_PIXELS}. */
  maxPixels?: number;
  /** Whether a picture is turned upright where its EXIF data or XMP tell how, as in Pillow. Default: "ignore", as in the reference. */
  exif?: "apply" | "ignore";
}

/**
 * Decodes the bytes of an image file, whatever the file is called.
 *
 * The result is what the reference gets from PIL's `convert("RGB")`, or for one, two and four channels `convert("L")`,
 * `convert("LA")` and `convert("RGBA")`: alpha is dropped or opaque, the first frame of an animation and the first page of a
 * document are taken, and a camera's orientation is applied to TIFF files alone.
 *
 * Gray of 16 bits, which PIL clips, keeps its high byte for three channels and its precision otherwise. Arrays of
 * `numpy.save` are read for any number of channels but three.
 *
 * @throws {Error} If the bytes are not an image, damaged, cut off, of other channels, or too large; the message is the reason,
 *   worded to follow a file name and a colon.
 */
export async function decodeImage(
  bytes: Uint8Array<ArrayBuffer>,
  { channels = 3, maxPixels = MAX_PIXELS, exif = "ignore" }: DecodeOptions = {},
): Promise<DecodedImage> {
  if (isNpy(bytes) && channels !== 3) {
    return toChannels({ ...readNpySamples(bytes, maxPixels, channels), colour: "bands" }, channels);
  }
  const { format, width, height } = await readImageHeader(bytes);
  if (width * height > maxPixels) {
    throw new Error(`${width}x${height} pixels exceed the limit of ${maxPixels}`);
  }
  const { decode, orientation, isTurned = false } = await FORMATS[format].load();
  let picture: Picture;
  try {
    picture = await decode(bytes);
  } catch (error) {
    throw new Error(`damaged or unsupported ${format} (${reasonOf(error)})`, { cause: error });
  }
  const image = toChannels(picture, channels);
  return isTurned || exif === "apply" ? turn(image, orientation?.(bytes) ?? 1) : image;
}

/** Why a file cannot be decoded. What a decoder in WebAssembly says when it gives up helps nobody. */
function reasonOf(error: unknown): string {
  if (error instanceof WebAssembly.RuntimeError) return "its data are damaged";
  if (error instanceof RangeError) return "it is cut off or damaged";
  return error instanceof Error ? error.message : "its data are damaged";
}
