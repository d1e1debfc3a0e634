import type { DecodedImage } from "../image.ts";

/**
 * Turns an image upright.
 *
 * @param image The image.
 * @param orientation What EXIF says of it, 1 to 8 (CIPA DC-008, 4.6.5.1): 2 mirrored, 3 upside down, 4 both, 5 to 8 the
 *   same with rows and columns exchanged.
 * @returns The image itself where it is upright.
 */
export function turn(image: DecodedImage, orientation: number): DecodedImage {
  if (orientation <= 1) return image;
  const { width, height, pixels } = image;
  const channels = pixels.length / (width * height);
  const mirrorsX = [2, 3, 7, 8].includes(orientation);
  const mirrorsY = [3, 4, 6, 7].includes(orientation);
  const start = ((mirrorsY ? height - 1 : 0) * width + (mirrorsX ? width - 1 : 0)) * channels;
  const across = mirrorsX ? -channels : channels;
  const down = mirrorsY ? -width * channels : width * channels;
  const isTransposed = orientation >= 5;
  const [columns, rows] = isTransposed ? [height, width] : [width, height];
  const [stepX, stepY] = isTransposed ? [down, across] : [across, down];
  const turned = pixels instanceof Uint8Array
    ? new Uint8Array(pixels.length)
    : new Float32Array(pixels.length);
  for (let y = 0, to = 0; y < rows; y++) {
    for (let x = 0, from = start + y * stepY; x < columns; x++, from += stepX) {
      for (let c = 0; c < channels; c++) turned[to++] = pixels[from + c];
    }
  }
  return { ...image, width: columns, height: rows, pixels: turned };
}
