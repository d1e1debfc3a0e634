import type { DecodedImage } from "../image.ts";
import type { Samples } from "./samples.ts";

/** Whole numbers up to which light goes, by the type that holds it; fractions go to 1. */
function fullOf(values: Samples["values"]): number {
  if (values instanceof Uint8Array) return 255;
  return values instanceof Uint16Array ? 65535 : 1;
}

/**
 * Makes images of a number of channels from samples as they are stored. As many channels stay what they are. Among one to
 * four, gray, gray and alpha, RGB, RGB and alpha are turned into each other as Pillow does: alpha is dropped or opaque, and
 * the gray of colours is their luma.
 *
 * @param samples The samples: whole numbers of 8 or 16 bits, or fractions from 0 to 1.
 * @param channels Channels of the image.
 * @returns Bytes where samples are, else float32 on the scale of bytes.
 * @throws {Error} If there is no way to do so, or a fraction is outside 0 to 1; the message is the reason.
 */
export function toChannels(samples: Samples, channels: number): DecodedImage {
  const { width, height, values } = samples;
  const count = width * height * channels;
  const full = fullOf(values);
  const bytes = values instanceof Uint8Array;
  const outside = values instanceof Float32Array
    ? values.find((value) => !(value >= 0 && value <= 1))
    : undefined;
  if (outside !== undefined) throw new Error(`it holds ${outside}, and fractions go from 0 to 1`);
  const pixels = bytes ? new Uint8Array(count) : new Float32Array(count);
  const scale = 255 / full;
  if (samples.channels === channels) {
    if (bytes) pixels.set(values);
    else for (let i = 0; i < count; i++) pixels[i] = values[i] * scale;
    return { width, height, pixels };
  }
  if (samples.channels > 4 || channels > 4) {
    throw new Error(`it has ${samples.channels} channels where ${channels} are asked for`);
  }
  const read = readerOf(samples);
  for (let pixel = 0, to = 0; to < count; pixel++) {
    const [r, g, b, alpha] = read(pixel);
    const gray = () => bytes ? luma(r, g, b) : (19595 * r + 38470 * g + 7471 * b) / 65536;
    const colours = channels <= 2 ? [gray()] : [r, g, b];
    if (channels % 2 === 0) colours.push(alpha);
    for (const colour of colours) pixels[to++] = colour * scale;
  }
  return { width, height, pixels };
}

/** Reads a pixel's red, green, blue and alpha. */
function readerOf({ channels, values }: Samples): (pixel: number) => number[] {
  const full = fullOf(values);
  return (pixel) => {
    const at = pixel * channels;
    const [r, g, b] = channels <= 2
      ? [values[at], values[at], values[at]]
      : [values[at], values[at + 1], values[at + 2]];
    return [r, g, b, channels % 2 === 0 ? values[at + channels - 1] : full];
  };
}

/** The gray of a colour in whole numbers, as Pillow computes it. */
function luma(r: number, g: number, b: number): number {
  return (19595 * r + 38470 * g + 7471 * b + 32768) >> 16;
}
