/**
 * TIFF decoding to colours.
 *
 * @module
 */
import type { DecodedImage } from "../image.ts";
import { cmykToRgb } from "./pixel_layout.ts";
import { photometrics, readTiffSamples, type TiffSamples } from "./tiff_samples.ts";

/**
 * Decodes the first page of TIFF bytes; see {@linkcode readTiffSamples}. Extra samples (alpha) are dropped, of 16 bits the
 * high byte is kept.
 *
 * @throws {Error} If the file is damaged, or uses another feature of the format.
 */
export function decodeTiff(bytes: Uint8Array): DecodedImage {
  const read = readTiffSamples(bytes);
  const { width, height, values } = read;
  const high = values instanceof Uint8Array ? values : Uint8Array.from(values, (v) => v >> 8);
  return { width, height, pixels: toRgb(high, read) };
}

function toRgb(
  values: Uint8Array<ArrayBuffer>,
  { photometric, channels, colourMap }: TiffSamples,
): Uint8Array<ArrayBuffer> {
  if (photometric === photometrics.cmyk) {
    return cmykToRgb(channels === 4 ? values : values.filter((_, i) => i % channels < 4));
  }
  const isRgb = photometric === photometrics.rgb;
  if (isRgb && channels === 3) return values;
  const rgb = new Uint8Array(values.length / channels * 3);
  const entries = colourMap.length / 3;
  for (let from = 0, to = 0; from < values.length; from += channels, to += 3) {
    for (let c = 0; c < 3; c++) {
      const value = values[from + (isRgb ? c : 0)];
      if (photometric === photometrics.palette) rgb[to + c] = colourMap[c * entries + value] >> 8;
      else rgb[to + c] = photometric === photometrics.whiteIsZero ? 255 - value : value;
    }
  }
  return rgb;
}
