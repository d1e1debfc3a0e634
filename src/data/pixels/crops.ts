import type { DecodedImage } from "../image.ts";
import type { Normalization } from "../augment/normalize.ts";
import type { JpegLimits } from "./libjpeg.ts";
import { pixels as native, succeeded } from "../../ffi/pixels.ts";
import { type Crop, packCrops } from "./pack_crops.ts";

/** Where crops are written: float32, shared between threads or not. */
export type CropBuffer = Float32Array<ArrayBufferLike>;

/** Columns and rows of an image. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Loads a JPEG file into this thread, for {@linkcode makeLoadedCrops}. Nothing of it is copied to JavaScript.
 *
 * @throws {Error} If it is damaged, cut off or beyond the limits; the message is the reason.
 */
export function loadJpeg(
  bytes: Uint8Array<ArrayBuffer>,
  { maxPixels, maxScans }: JpegLimits,
): ImageSize {
  const size = new Int32Array(2);
  const [length, pixels] = [bytes.length, maxPixels].map(BigInt);
  succeeded(native().deino_pixels_load_jpeg(bytes, length, pixels, maxScans, size));
  return { width: size[0], height: size[1] };
}

/**
 * Loads an image of red, green and blue bytes into this thread, for {@linkcode makeLoadedCrops}.
 *
 * @throws {TypeError} If it has other pixels.
 */
export function loadImage({ pixels, width, height }: DecodedImage): void {
  if (!(pixels instanceof Uint8Array) || pixels.length !== 3 * width * height) {
    throw new TypeError(
      "Cannot crop by native code: the image is not of red, green and blue bytes",
    );
  }
  succeeded(native().deino_pixels_load_pixels(pixels, width, height, 3));
}

/**
 * Makes crops of the image that this thread loaded last, `[3, size, size]` each, and lets go of it: cut out and resized,
 * mirrored, then jittered in the order drawn, made gray, blurred, solarized, normalised. Bytes are those of Pillow 12 and
 * torchvision; blurred ones may differ by one (1 in a million).
 *
 * @param crops The crops.
 * @param by What they are normalised by, on the scale of bytes.
 * @param to Where they are written.
 * @throws {Error} If a crop reaches beyond the image or the buffer.
 */
export function makeLoadedCrops(
  crops: readonly Crop[],
  by: Normalization,
  to: CropBuffer,
): void {
  succeeded(
    native().deino_pixels_make_crops(
      packCrops(crops),
      crops.length,
      Float32Array.of(...by.mean, ...by.std),
      to as BufferSource & CropBuffer,
      BigInt(to.length),
    ),
  );
}

/** Loads an image and makes crops of it; see {@linkcode makeLoadedCrops}. */
export function makeCrops(
  image: DecodedImage,
  crops: readonly Crop[],
  by: Normalization,
  to: CropBuffer,
): void {
  loadImage(image);
  makeLoadedCrops(crops, by, to);
}
