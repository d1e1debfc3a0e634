import type { DecodedImage } from "../image.ts";
import { pixels as native, succeeded } from "../../ffi/pixels.ts";
import { type ImageSize, loadImage } from "./crops.ts";

/** Whether Pillow resizes an image along its height first: one very tall that shrinks. */
export function isHeightFirst({ width, height }: ImageSize, rows: number): boolean {
  return height > 100 * width && rows < height;
}

/**
 * An image of red, green and blue bytes, resized by Pillow's `BICUBIC` to its last bit; without libtorch, so that workers can.
 *
 * Source: `Image.resize` and `src/libImaging/Resample.c` of Pillow 12.
 *
 * @throws {TypeError} If it has other pixels.
 * @throws {Error} If no pixel would be left.
 */
export function resizeBytes(image: DecodedImage, size: ImageSize): DecodedImage {
  const first = isHeightFirst(image, size.height)
    ? resizeBoth(image, { ...size, width: image.width })
    : image;
  return resizeBoth(first, size);
}

function resizeBoth(image: DecodedImage, { width, height }: ImageSize): DecodedImage {
  loadImage(image);
  const pixels = new Uint8Array(3 * Math.max(0, width) * Math.max(0, height));
  succeeded(native().deino_pixels_resize(width, height, pixels));
  return { width, height, pixels };
}
