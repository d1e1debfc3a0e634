import { concat } from "@std/bytes";
import type { DecodedImage } from "../image.ts";
import { Codec } from "./codec.ts";

/** How JPEG is written: close to the pixels, with colours at full resolution, and fast to read. */
const OPTIONS = {
  quality: 95,
  baseline: false,
  arithmetic: false,
  progressive: false,
  optimize_coding: true,
  smoothing: 0,
  quant_table: 0, // the standard's, as in Pillow
  trellis_multipass: false,
  trellis_opt_zero: false,
  trellis_opt_table: false,
  trellis_loops: 1,
  auto_subsample: false,
  chroma_subsample: 1, // not at all
  separate_chroma_quality: false,
  chroma_quality: 95,
};
/** libjpeg's numbers of colour spaces. */
const GRAY = 1, YCBCR = 3;
/** The mark before the EXIF data of a segment. */
const EXIF = Uint8Array.from("Exif\0\0", (letter) => letter.charCodeAt(0));

/**
 * Encodes an image of bytes, gray or red, green and blue, as JPEG of quality 95 by libjpeg in WebAssembly.
 *
 * @param image The image.
 * @param exif EXIF data to go with it, a TIFF without pixels. Default: none.
 * @returns The bytes of a JPEG file.
 */
export async function encodeJpeg(
  { width, height, pixels }: DecodedImage,
  exif?: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const channels = pixels.length / (width * height);
  const rgba = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let i = 0; i < 3; i++) {
      rgba[4 * pixel + i] = pixels[channels * pixel + (channels === 1 ? 0 : i)];
    }
  }
  const options = { ...OPTIONS, color_space: channels === 1 ? GRAY : YCBCR };
  const { bytes } = await encoder.run((libjpeg) => {
    return { width, height, bytes: libjpeg.encode(rgba, width, height, options).slice() };
  });
  if (exif === undefined) return bytes;
  const length = 2 + EXIF.length + exif.length;
  const head = Uint8Array.of(0xff, 0xe1, length >> 8, length & 0xff);
  return concat([bytes.subarray(0, 2), head, EXIF, exif, bytes.subarray(2)]);
}

const encoder = new Codec(async () => {
  const { default: create } = await import("@jsquash/jpeg/codec/enc/mozjpeg_enc.js");
  return await create();
});
