import { scope } from "../tensor/scope.ts";
import { resizedImage } from "./augment/resample.ts";
import { decodeImage } from "./codec/decode.ts";
import { encodeJpeg } from "./codec/encode_jpeg.ts";
import { encodePng } from "./codec/encode_png.ts";
import { readCameraOrientation, readImageHeader } from "./codec/image_header.ts";
import { exifOf } from "./codec/orientation.ts";
import type { DecodedImage } from "./image.ts";
import { hasBytes, resizeBytes } from "./pixels/resize.ts";

/** Channels that JPEG and PNG have. */
export const MOST_WRITTEN_CHANNELS = 4;

/**
 * An image whose shorter side is above a size, resized to it by Pillow's `BICUBIC`, the longer side in proportion and rounded
 * down, as evaluations resize. JPEG stays JPEG; whatever else becomes PNG, without loss. How a camera was held is kept.
 *
 * Images of bytes need no libtorch, so that workers can shrink them.
 *
 * @param bytes The image's file.
 * @param shortSide The size in pixels.
 * @param channels Channels of the image, up to {@linkcode MOST_WRITTEN_CHANNELS}. Default: 3.
 * @returns The bytes of a file: the very same where the shorter side is not above the size.
 * @throws {Error} If the file cannot be decoded; the message is the reason.
 */
export async function shrinkImage(
  bytes: Uint8Array<ArrayBuffer>,
  shortSide: number,
  channels = 3,
): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, format } = await readImageHeader(bytes);
  if (Math.min(width, height) <= shortSide) return bytes;
  const image = resized(await decodeImage(bytes, { channels }), shortSide);
  const orientation = await readCameraOrientation(bytes);
  const exif = orientation === 1 ? undefined : exifOf(orientation);
  const isLossy = format === "JPEG" && (channels === 1 || channels === 3);
  return isLossy ? await encodeJpeg(image, exif) : encodePng(image, exif);
}

function resized(image: DecodedImage, shortSide: number): DecodedImage {
  const shorter = Math.min(image.width, image.height);
  const [height, width] = [image.height, image.width].map((side) =>
    Math.trunc(shortSide * side / shorter)
  );
  if (hasBytes(image)) return resizeBytes(image, { width, height });
  const pixels = scope(() => resizedImage(image, [height, width]).permute([1, 2, 0]).toArray());
  return { width, height, pixels: pixels as DecodedImage["pixels"] };
}
