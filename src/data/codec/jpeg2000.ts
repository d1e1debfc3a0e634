/**
 * JPEG 2000 decoding by the OpenJPEG that Pillow ships, in a process of its own, or in WebAssembly.
 *
 * @module
 */
import { toRgb } from "./colour_spaces.ts";
import { decodeApart } from "../pixels/decode_apart.ts";
import { decoderOf } from "../pixels/decoder_choice.ts";
import { canBeWhole, readJpeg2000Layout } from "./jpeg2000_layout.ts";
import { decodeJpeg2000ByWasm } from "./jpeg2000_wasm.ts";
import type { Picture } from "./samples.ts";

/** The size of the image on its reference grid (ITU-T T.800, A.5.1). */
function jpeg2000Size(view: DataView): readonly [number, number] {
  const { width, height } = readJpeg2000Layout(view);
  return [width, height];
}

/**
 * Decodes JPEG 2000 bytes of gray, RGB or inks, with or without alpha.
 *
 * @throws {Error} If the file is damaged or cut off, or has other samples.
 */
function decodeJpeg2000(bytes: Uint8Array<ArrayBuffer>): Picture | Promise<Picture> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const layout = readJpeg2000Layout(view);
  const { components: { length: count } } = layout;
  if (count < 1 || count > 4) throw new Error(`${count} samples a pixel are not read`);
  if (!canBeWhole(layout)) {
    throw new Error("components of fewer samples are read of Y′CbCr in 4:2:0 and 4:2:2 alone");
  }
  const decoder = decoderOf("JPEG 2000");
  if (decoder.name === "wasm") return decodeJpeg2000ByWasm(bytes, layout);
  const apart = { format: "jpeg2000", library: decoder.path } as const;
  const samples = decodeApart(apart, bytes, layout.width * layout.height);
  const { channels } = samples;
  if (channels > 4) throw new Error(`${channels} samples a pixel are not read`);
  if (channels === 4 && layout.colours === "cmyk") return { ...samples, colour: "cmyk" };
  const hasAlpha = channels % 2 === 0;
  const colour = channels < 3 ? "gray" : "rgb";
  const picture: Picture = { ...samples, colour, ...hasAlpha && { alpha: "straight" } };
  return channels > 2 && layout.colours === "ycbcr" ? withRgb(picture) : picture;
}

/** Turns Y′CbCr to RGB at once, as Pillow does: its gray is the luma of these colours, and not the Y′. */
function withRgb(picture: Picture): Picture {
  const { channels } = picture;
  const values = picture.values as Uint8Array<ArrayBuffer>;
  const rgb = toRgb(values, { ...picture, colour: "ycbcr" });
  if (channels === 3) return { ...picture, values: rgb };
  for (let from = 0, to = 0; to < values.length; from += 3, to += channels) {
    values.set(rgb.subarray(from, from + 3), to);
  }
  return picture;
}

/** What reads JPEG 2000 files. */
export const jpeg2000 = { size: jpeg2000Size, decode: decodeJpeg2000 };
