/**
 * The samples of JPEG files, by the libjpeg that Pillow ships where there is one, else the system's, else in WebAssembly.
 *
 * @module
 */
import { decoderOf } from "../pixels/decoder_choice.ts";
import { decodeJpegNatively } from "../pixels/libjpeg.ts";
import { jpegReason, readJpegFrame } from "./jpeg_frame.ts";
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
 * @param bytes The file.
 * @param keepsInks Whether four inks are wanted as they are stored. Default: as Adobe's programs mean them, where 255 is bare
 *   paper, mixed or turned about.
 * @throws {Error} If the file is damaged or cut off, or has more than {@linkcode MAX_SCANS} scans.
 */
export async function readJpegSamples(
  bytes: Uint8Array<ArrayBuffer>,
  keepsInks = false,
): Promise<ByteSamples> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { width, height, components } = readJpegFrame(view);
  try {
    const keeps = keepsInks && components === 4;
    if (decoderOf("JPEG").name !== "wasm") {
      return decodeJpegNatively(bytes, { maxPixels: width * height, maxScans: MAX_SCANS }, keeps);
    }
    const samples = await decodeByWasm(bytes, components, MAX_SCANS);
    return keeps ? { ...samples, values: samples.values.map((ink) => 255 - ink) } : samples;
  } catch (error) {
    throw new Error(jpegReason(bytes, (error as Error).message), { cause: error });
  }
}
