/**
 * Decoding in a process of its own, by libraries that cannot be bounded within this one.
 *
 * @module
 */
import type { StoredSamples } from "../codec/samples.ts";
import { decoderProgram, nativeText, pixels as native, succeeded } from "../../ffi/pixels.ts";

/** Who decodes. */
export interface ApartDecoder {
  /** The format, as the program calls it. */
  readonly format: "avif" | "jpeg2000";
  /** The library's file, or a name that the system's loader knows. */
  readonly library: string;
}

/**
 * Decodes a file. However large what it states, hostile or slow, the process is bounded by the file alone.
 *
 * @param maxPixels The pixels that the file states.
 * @throws {Error} If it is damaged, cut off, larger than that, or its decoder dies; the message is the reason.
 */
export function decodeApart(
  decoder: ApartDecoder,
  bytes: Uint8Array<ArrayBuffer>,
  maxPixels: number,
): StoredSamples {
  for (let tries = 1;; tries++) {
    try {
      return decodeOnce(decoder, bytes, maxPixels);
    } catch (error) {
      if (tries === MOST_TRIES || !(error as Error).message.endsWith(KILLED)) throw error;
    }
  }
}

/** How a process ends that another ends, such as a system short of memory: nothing that its file is to blame for. */
const KILLED = "was ended by signal 9";
const MOST_TRIES = 3;

function decodeOnce(
  decoder: ApartDecoder,
  bytes: Uint8Array<ArrayBuffer>,
  maxPixels: number,
): StoredSamples {
  const [width, height, channels, sampleBytes] = begin(decoder, bytes, maxPixels);
  const count = width * height * channels;
  const values = sampleBytes === 2 ? new Uint16Array(count) : new Uint8Array(count);
  const samples = new Uint8Array(values.buffer);
  succeeded(native().deino_pixels_finish_apart(samples, BigInt(samples.length)));
  return { width, height, channels, values };
}

/**
 * Tries whether a library can be used, with a file of no bytes, which is read as an image of none.
 *
 * @throws {Error} If it cannot; the message is the reason.
 */
export function tryApart(decoder: ApartDecoder): void {
  begin(decoder, new Uint8Array(0), 0);
  succeeded(native().deino_pixels_finish_apart(new Uint8Array(0), 0n));
}

/** Memory of the process beyond the samples and the file: its libraries, and strips of rows. */
const WORKING_MEMORY = 100 * 2 ** 20;

function begin(
  { format, library }: ApartDecoder,
  bytes: Uint8Array<ArrayBuffer>,
  maxPixels: number,
): Int32Array {
  // Twice four samples of a pixel, and twice the file.
  const maxMemory = WORKING_MEMORY + 8 * maxPixels + 2 * bytes.length;
  const request = BigUint64Array.of(BigInt(bytes.length), BigInt(maxPixels), BigInt(maxMemory));
  const image = new Int32Array(4);
  const [program, name, path] = [decoderProgram(), format, library].map(nativeText);
  succeeded(native().deino_pixels_begin_apart(program, name, path, bytes, request, image));
  return image;
}
