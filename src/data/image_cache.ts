/**
 * Keeps decoded images in memory.
 *
 * @module
 */
import { type DecodedImage, imageBytes } from "./image.ts";

/** Bytes of decoded images that training keeps unless told otherwise. */
export const CACHE_BYTES = 256 * 2 ** 20;

/**
 * Decoded images by index, as many as fit into a number of bytes.
 *
 * What is in stays in: every image is used once an epoch, so the first ones serve as well as any
 * others, and throwing some out to let others in would only decode more.
 */
export class ImageCache {
  readonly #images = new Map<number, DecodedImage>();
  #free: number;

  /** Makes an empty cache for that many bytes of pixels. */
  constructor(maxBytes: number) {
    this.#free = maxBytes;
  }

  /** Whether an image of usual size would still be kept. */
  get hasRoom(): boolean {
    return this.#free >= USUAL_SIZE;
  }

  /** The image, if it was kept. */
  get(index: number): DecodedImage | undefined {
    return this.#images.get(index);
  }

  /** Keeps the image if there is room. */
  offer(index: number, image: DecodedImage): void {
    const size = imageBytes(image);
    if (size > this.#free || this.#images.has(index)) return;
    this.#images.set(index, image);
    this.#free -= size;
  }
}

/** Bytes of 1000 x 700 pixels. */
const USUAL_SIZE = 2 * 2 ** 20;
