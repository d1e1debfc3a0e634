/**
 * PNG and GIF decoding in WebAssembly, out of reach of the process's memory.
 *
 * @module
 */
import gifCodec from "imagescript/wasm/node/gif.js";
import pngCodec from "imagescript/wasm/node/png.js";
import type { DecodedImage } from "../image.ts";
import { Codec } from "./codec.ts";
import { rgbaToRgb } from "./pixel_layout.ts";

/**
 * Decodes PNG bytes; 16-bit samples keep their high byte, transparency is dropped.
 *
 * @throws {Error} If the file is damaged or cut off.
 */
export function decodePng(bytes: Uint8Array): Promise<DecodedImage> {
  return png.run((codec) => {
    const { width, height, framebuffer } = codec.decode(bytes);
    return { width, height, pixels: rgbaToRgb(framebuffer) };
  });
}

/**
 * Decodes the first frame of GIF bytes onto a black canvas.
 *
 * @throws {Error} If the file is damaged or cut off before the first frame ends.
 */
export function decodeGif(bytes: Uint8Array): Promise<DecodedImage> {
  return gif.run((codec) => {
    const decoder = new codec.Decoder(bytes);
    const frame = decoder.frame();
    const width = Math.max(decoder.width, frame.x + frame.width);
    const height = Math.max(decoder.height, frame.y + frame.height);
    const canvas = new Uint8Array(width * height * 3);
    const rgb = rgbaToRgb(frame.buffer);
    for (let y = 0; y < frame.height; y++) {
      const row = rgb.subarray(y * frame.width * 3, (y + 1) * frame.width * 3);
      canvas.set(row, ((frame.y + y) * width + frame.x) * 3);
    }
    decoder.free();
    return { width, height, pixels: canvas };
  });
}

// The codecs have no types of their own.
// deno-lint-ignore no-explicit-any
type CodecInstance = any;

const gif = new Codec<CodecInstance>(() => gifCodec.init());
const png = new Codec<CodecInstance>(() => pngCodec.init());
