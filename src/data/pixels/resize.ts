import type { DecodedImage } from "../image.ts";
import { pixels as native, succeeded } from "../../ffi/pixels.ts";
import type { ImageSize } from "./crops.ts";

/** An image of bytes. */
type ByteImage = DecodedImage & { readonly pixels: Uint8Array<ArrayBuffer> };

/** Whether an image is of bytes: all are but those of 16 bits a channel and fractions. */
export function hasBytes(image: DecodedImage): image is ByteImage {
  return image.pixels instanceof Uint8Array;
}

/** Whether Pillow resizes an image along its height first: one very tall that shrinks. */
export function isHeightFirst({ width, height }: ImageSize, rows: number): boolean {
  return height > 100 * width && rows < height;
}

/**
 * An image of bytes, resized by Pillow's `BICUBIC` to its last bit; without libtorch, so that workers can. Each channel is
 * resized as gray is: alpha is no weight.
 *
 * Source: `Image.resize` and `src/libImaging/Resample.c` of Pillow 12.
 *
 * @throws {Error} If no pixel would be left.
 */
export function resizeBytes(image: ByteImage, size: ImageSize): ByteImage {
  const first = isHeightFirst(image, size.height)
    ? resizeBoth(image, { ...size, width: image.width })
    : image;
  return resizeBoth(first, size);
}

function resizeBoth(image: ByteImage, { width, height }: ImageSize): ByteImage {
  const channels = image.pixels.length / (image.width * image.height);
  succeeded(
    native().deino_pixels_load_pixels(image.pixels, image.width, image.height, channels),
  );
  const pixels = new Uint8Array(channels * Math.max(0, width) * Math.max(0, height));
  succeeded(native().deino_pixels_resize(width, height, pixels));
  return { width, height, pixels };
}
