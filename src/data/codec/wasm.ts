/**
 * JPEG, PNG and GIF decoding in WebAssembly, out of reach of the process's memory.
 *
 * @module
 */
import gifCodec from "imagescript/wasm/node/gif.js";
import jpegCodec from "imagescript/wasm/node/jpeg.js";
import pngCodec from "imagescript/wasm/node/png.js";
import type { DecodedImage } from "../image.ts";
import { cmykToRgb, grayToRgb, rgbaToRgb } from "./pixel_layout.ts";
import type { Samples } from "./samples.ts";

/**
 * Decodes JPEG bytes: grayscale, YCbCr, RGB and CMYK, baseline and progressive.
 *
 * @throws {Error} If the file is damaged or cut off.
 */
export async function decodeJpeg(bytes: Uint8Array): Promise<DecodedImage> {
  const { width, height, channels, values } = await readJpegSamples(bytes);
  return { width, height, pixels: channels === 1 ? grayToRgb(values) : values };
}

/**
 * Reads the samples of JPEG bytes: gray, or red, green and blue.
 *
 * @throws {Error} If the file is damaged or cut off.
 */
export function readJpegSamples(
  bytes: Uint8Array,
): Promise<Samples & { values: Uint8Array<ArrayBuffer> }> {
  return jpeg.run((codec) => {
    const { width, height, format, buffer } = codec.decode(bytes);
    if (format > 2) throw new Error("JPEG with more than 8 bits a sample");
    const values = format === 2 ? cmykToRgb(buffer) : buffer;
    return { width, height, channels: format === 0 ? 1 : 3, values };
  });
}

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

/** A codec's WebAssembly instance, kept between images and replaced before it can go stale. */
class Codec {
  readonly #module: CodecModule;
  #instance: CodecInstance | undefined;
  #bytesDecoded = 0;

  constructor(module: CodecModule) {
    this.#module = module;
  }

  /** Decodes with the kept instance. A failure leaves its memory in doubt, so it is dropped. */
  async run<T extends { readonly width: number; readonly height: number }>(
    decode: (instance: CodecInstance) => T,
  ): Promise<T> {
    const instance = this.#instance ?? await this.#module.init();
    this.#instance = undefined;
    const image = decode(instance);
    this.#bytesDecoded += 3 * image.width * image.height;
    // WebAssembly memory grows and never shrinks, so a large image would hold its worth for ever.
    if (this.#bytesDecoded < INSTANCE_LIFE) this.#instance = instance;
    else this.#bytesDecoded = 0;
    return image;
  }
}

/** Bytes of pixels after which an instance is replaced: rare enough to cost nothing. */
const INSTANCE_LIFE = 64 * 2 ** 20;

// The codecs have no types of their own.
// deno-lint-ignore no-explicit-any
type CodecInstance = any;
type CodecModule = { init(): Promise<CodecInstance> };

const gif = new Codec(gifCodec);
const jpeg = new Codec(jpegCodec);
const png = new Codec(pngCodec);
