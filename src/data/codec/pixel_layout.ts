/**
 * Rearranges decoded samples to red, green and blue bytes.
 *
 * @module
 */

/** Drops the fourth sample of every pixel, as PIL's `convert("RGB")` drops alpha. */
export function rgbaToRgb(rgba: Uint8Array | Uint8ClampedArray): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8Array((rgba.length >> 2) * 3);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = rgba[from];
    rgb[to + 1] = rgba[from + 1];
    rgb[to + 2] = rgba[from + 2];
  }
  return rgb;
}

/** Takes the first sample of every pixel: all but alpha are alike. */
export function rgbaToGray(rgba: Uint8ClampedArray): Uint8Array<ArrayBuffer> {
  const gray = new Uint8Array(rgba.length >> 2);
  for (let i = 0; i < gray.length; i++) gray[i] = rgba[4 * i];
  return gray;
}
