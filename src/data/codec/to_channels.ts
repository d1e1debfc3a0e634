import type { DecodedImage } from "../image.ts";
import { toRgb } from "./colour_spaces.ts";
import { highBytes } from "./pixel_layout.ts";
import { COLOUR_SAMPLES, type Picture } from "./samples.ts";

/**
 * Converts a picture to a number of channels. One to four are gray, gray and alpha, RGB, and RGB and alpha, as in Pillow's
 * `convert`: alpha is dropped, or opaque where there is none, and the gray of colours is their luma. A picture with exactly
 * the channels asked for, some of them neither colours nor alpha, keeps them all.
 *
 * Colours of 16 bits keep their high byte, as in Pillow. So do gray and other samples of 16 bits for three channels;
 * otherwise they become float32 on the scale of bytes, like fractions.
 *
 * @throws {Error} If there is no way to do so, or a fraction is outside 0 to 1; the message is the reason.
 */
export function toChannels(picture: Picture, channels: number): DecodedImage {
  const { width, height, values, colour, alpha, notes } = picture;
  if (values instanceof Float32Array) refuseOutside(values);
  const told = notes !== undefined && notes.length > 0 ? { notes } : {};
  const unspecified = picture.channels - COLOUR_SAMPLES[colour] - (alpha === undefined ? 0 : 1);
  const keepsAll = picture.channels === channels && unspecified > 0;
  const isGray = colour === "gray" || colour === "bands";
  const scaled = scale(values, { toBytes: channels === 3 || !isGray && !keepsAll });
  if (keepsAll) return { width, height, pixels: scaled, ...told };
  if (colour === "bands" || channels > 4) {
    throw new Error(`it has ${picture.channels} channels where ${channels} are asked for`);
  }
  return { width, height, pixels: toColours(scaled, picture, channels), ...told };
}

type Pixels = DecodedImage["pixels"];

function refuseOutside(values: Float32Array): void {
  const outside = values.find((value) => !(value >= 0 && value <= 1));
  if (outside !== undefined) throw new Error(`it holds ${outside}, and fractions go from 0 to 1`);
}

/** Numbers on the scale of bytes. */
function scale(values: Picture["values"], { toBytes }: { toBytes: boolean }): Pixels {
  if (values instanceof Uint8Array) return values;
  if (values instanceof Uint16Array && toBytes) return highBytes(values);
  const scaled = toBytes ? new Uint8Array(values.length) : new Float32Array(values.length);
  const factor = values instanceof Uint16Array ? 255 / 65535 : 255;
  for (let i = 0; i < values.length; i++) scaled[i] = values[i] * factor;
  return scaled;
}

/** Turns numbers on the scale of bytes to gray or RGB, with alpha for an even number of channels. */
function toColours(values: Pixels, picture: Picture, channels: number): Pixels {
  const { colour, channels: stride, alpha } = picture;
  if (colour === "palette") return lookUp(values, picture, channels);
  if (colour === "ycbcr" && channels <= 2) {
    return convert(values, { ...picture, colour: "gray", alpha: undefined }, channels);
  }
  if (colour !== "gray" && colour !== "rgb") {
    const rgb = { ...picture, colour: "rgb", channels: 3, alpha: undefined } as const;
    return toColours(toRgb(values as Uint8Array<ArrayBuffer>, picture), rgb, channels);
  }
  if (stride === channels && alpha !== "premultiplied") return values;
  return convert(values, picture, channels);
}

/** The colours of palette indices: the palette itself is converted, and each index looked up in it. */
function lookUp(
  indices: Pixels,
  { palette = new Uint8Array(1024), alpha, channels: stride }: Picture,
  channels: number,
): Pixels {
  const rgba = { width: 256, height: 1, channels: 4, colour: "rgb", alpha: "straight" } as const;
  const table = toColours(palette, { ...rgba, values: palette }, channels);
  const pixels = new Uint8Array(indices.length / stride * channels);
  const hasAlpha = alpha !== undefined && channels % 2 === 0;
  for (let from = 0, to = 0; from < indices.length; from += stride) {
    const entry = indices[from] * channels;
    for (let c = 0; c < channels; c++) pixels[to++] = table[entry + c];
    if (hasAlpha) pixels[to - 1] = indices[from + 1];
  }
  return pixels;
}

/** Turns gray or RGB, with or without alpha, to one to four channels. */
function convert(
  values: Pixels,
  { colour, alpha, channels: stride, key }: Picture,
  channels: number,
): Pixels {
  const isBytes = values instanceof Uint8Array;
  const count = values.length / stride * channels;
  const pixels = isBytes ? new Uint8Array(count) : new Float32Array(count);
  const isRgb = colour === "rgb";
  const isPremultiplied = alpha === "premultiplied";
  for (let at = 0, to = 0; to < count; at += stride) {
    let r = values[at];
    let g = isRgb ? values[at + 1] : r;
    let b = isRgb ? values[at + 2] : r;
    let a = alpha === undefined ? 255 : values[at + (isRgb ? 3 : 1)];
    const isKeyed = key !== undefined && r === key[0] &&
      (!isRgb || g === key[1] && b === key[2]);
    if (isKeyed) a = 0;
    if (isPremultiplied && a < 255) {
      r = a === 0 ? 0 : Math.min(255, Math.trunc(255 * r / a));
      g = a === 0 ? 0 : Math.min(255, Math.trunc(255 * g / a));
      b = a === 0 ? 0 : Math.min(255, Math.trunc(255 * b / a));
    }
    if (channels > 2) {
      pixels[to++] = r;
      pixels[to++] = g;
      pixels[to++] = b;
    } else if (!isRgb || isKeyed && channels === 2) pixels[to++] = r; // under a key Pillow's gray is the red
    else pixels[to++] = luma(r, g, b);
    if (channels % 2 === 0) pixels[to++] = a;
  }
  return pixels;
}

/** The gray of a colour, as Pillow computes it. */
function luma(r: number, g: number, b: number): number {
  return (19595 * r + 38470 * g + 7471 * b + 32768) >> 16;
}
