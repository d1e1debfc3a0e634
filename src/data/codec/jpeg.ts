/**
 * JPEG decoding, by the libjpeg that Pillow ships where there is one, else the system's, else in WebAssembly.
 *
 * @module
 */
import { decodeJpegNatively, jpegDecoder } from "../pixels/libjpeg.ts";
import { readJpegFrame } from "./jpeg_frame.ts";
import { decodeByWasm } from "./jpeg_wasm.ts";
import type { ByteSamples } from "./samples.ts";

/**
 * Most scans of a file: each passes over all of its pixels. Encoders make about ten, and a file of a few bytes a scan would
 * keep a thread busy for minutes.
 */
export const MAX_SCANS = 50;

/**
 * Reads the samples of JPEG bytes, baseline and progressive, by Huffman's codes or arithmetic ones: gray, or red, green and
 * blue, or (in WebAssembly) four inks.
 *
 * @throws {Error} If the file is damaged or cut off, or has more than {@linkcode MAX_SCANS} scans.
 */
export async function readJpegSamples(bytes: Uint8Array<ArrayBuffer>): Promise<ByteSamples> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { width, height, components } = readJpegFrame(view);
  if (jpegDecoder().name === "wasm") return await decodeByWasm(bytes, components, MAX_SCANS);
  return decodeJpegNatively(bytes, { maxPixels: width * height, maxScans: MAX_SCANS });
}
