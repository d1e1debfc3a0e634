/**
 * Rearranges decoded samples to bytes, within the same memory where they are many.
 *
 * @module
 */

/** Pictures of more bytes are not copied once more. */
const LARGE = 16 * 2 ** 20;

/**
 * Drops the fourth sample of every pixel, as PIL's `convert("RGB")` drops alpha, within the same memory. A large picture stays
 * there; smaller ones are copied, to free the rest.
 *
 * @param rgba Written into.
 */
export function rgbaToRgb(rgba: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  let to = 0;
  for (let from = 0; from < rgba.length; from += 4) {
    rgba[to++] = rgba[from];
    rgba[to++] = rgba[from + 1];
    rgba[to++] = rgba[from + 2];
  }
  return to > LARGE ? rgba.subarray(0, to) : rgba.slice(0, to);
}

/** Drops alpha as {@linkcode rgbaToRgb} does where it is opaque everywhere; else moves nothing and returns undefined. */
export function withoutOpaqueAlpha(
  rgba: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> | undefined {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 255) return undefined;
  return rgbaToRgb(rgba);
}

/**
 * The high bytes of samples of 16 bits, within the same memory. Many stay there; fewer are copied, to free the rest.
 *
 * @param values Written into.
 */
export function highBytes(values: Uint16Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < values.length; i++) bytes[i] = values[i] >> 8; // which lies in front of what is still to be read
  return bytes.length > LARGE ? bytes : bytes.slice();
}

/** Takes the first sample of every pixel: all but alpha are alike. */
export function rgbaToGray(rgba: Uint8ClampedArray): Uint8Array<ArrayBuffer> {
  const gray = new Uint8Array(rgba.length >> 2);
  for (let i = 0; i < gray.length; i++) gray[i] = rgba[4 * i];
  return gray;
}
