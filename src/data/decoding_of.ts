import type { Config } from "../config/schema.ts";
import type { DecodeOptions } from "./codec/decode.ts";

/** How the images of a run are decoded. */
export function decodingOf(
  { channels, exif, max_pixels: maxPixels }: Config["data"],
): DecodeOptions {
  return { channels, exif, maxPixels };
}
