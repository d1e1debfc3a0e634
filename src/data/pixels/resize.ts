import type { DecodedImage } from "../image.ts";
import { pixels as native, succeeded } from "../../ffi/pixels.ts";
import { type ImageSize, loadImage } from "./crops.ts";

/**
 * An image of red, green and blue bytes, resized by Pillow's `BICUBIC` to its last bit; without libtorch, so that workers can.
 *
 * @throws {TypeError} If it has other pixels.
 * @throws {Error} If no pixel would be left.
 */
export function resizeBytes(image: DecodedImage, { width, height }: ImageSize): DecodedImage {
  loadImage(image);
  const pixels = new Uint8Array(3 * Math.max(0, width) * Math.max(0, height));
  succeeded(native().deino_pixels_resize(width, height, pixels));
  return { width, height, pixels };
}
