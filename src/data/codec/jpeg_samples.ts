/**
 * The samples of JPEG files, by the libjpeg that Pillow ships where there is one, else the system's, else in WebAssembly.
 *
 * @module
 */
import { decoderOf } from "../pixels/decoder_choice.ts";
import { decodeJpegNatively } from "../pixels/libjpeg.ts";
import { readJpegFrame } from "./jpeg_frame.ts";
import { decodeByWasm } from "./jpeg_wasm.ts";
import type { ByteSamples } from "./samples.ts";

/**
 * The most scans a file may have. Each visits every pixel: encoders write about ten, but a file with a few bytes a scan
 * could keep a thread busy for minutes.
 */
export const MAX_SCANS = 50;

/**
 * Reads the samples of JPEG bytes, baseline or progressive, with Huffman or arithmetic codes: gray, RGB, or (in
 * WebAssembly) four inks.
 *
 * @throws {Error} If the file is damaged or cut off, or has more than {@linkcode MAX_SCANS} scans.
 */
export async function readJpegSamples(bytes: Uint8Array<ArrayBuffer>): Promise<ByteSamples> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { width, height, components } = readJpegFrame(view);
  if (decoderOf("JPEG").name === "wasm") return await decodeByWasm(bytes, components, MAX_SCANS);
  return decodeJpegNatively(bytes, { maxPixels: width * height, maxScans: MAX_SCANS });
}
