import type { Stream } from "../../random/stream.ts";

/** A rectangle of an image in pixels. */
export interface CropBox {
  /** The first row. */
  readonly top: number;
  /** The first column. */
  readonly left: number;
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
}

const TRIES = 10;
const MIN_RATIO = 3 / 4;
const MAX_RATIO = 4 / 3;

/**
 * Draws the rectangle of a random resized crop as torchvision does: area even in `scale`, aspect ratio log-even from
 * 3/4 to 4/3, anywhere it fits; after ten misses, the largest centred rectangle of an allowed ratio.
 *
 * @param image Size of the image in pixels.
 * @param scale Least and greatest share of its area.
 */
export function drawCropBox(
  image: { readonly width: number; readonly height: number },
  scale: readonly [number, number],
  stream: Stream,
): CropBox {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const area = image.width * image.height * stream.uniform(scale[0], scale[1]);
    const ratio = Math.exp(stream.uniform(Math.log(MIN_RATIO), Math.log(MAX_RATIO)));
    const width = Math.round(Math.sqrt(area * ratio));
    const height = Math.round(Math.sqrt(area / ratio));
    if (width < 1 || width > image.width || height < 1 || height > image.height) continue;
    const top = stream.integer(0, image.height - height);
    const left = stream.integer(0, image.width - width);
    return { top, left, height, width };
  }
  const ratio = image.width / image.height;
  const width = ratio > MAX_RATIO ? Math.round(image.height * MAX_RATIO) : image.width;
  const height = ratio < MIN_RATIO ? Math.round(image.width / MIN_RATIO) : image.height;
  return centredBox(image, { width, height });
}

/** The rectangle of a size in the middle of an image. */
export function centredBox(
  image: { readonly width: number; readonly height: number },
  size: { readonly width: number; readonly height: number },
): CropBox {
  const top = Math.floor((image.height - size.height) / 2);
  const left = Math.floor((image.width - size.width) / 2);
  return { top, left, ...size };
}
