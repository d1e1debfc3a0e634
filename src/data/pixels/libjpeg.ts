import { type LibjpegCandidate, readLibjpeg } from "../../install/libjpeg.ts";
import type { ByteSamples } from "../codec/samples.ts";
import { pixels as native, succeeded } from "../../ffi/pixels.ts";

/** What a JPEG file may cost at most. */
export interface JpegLimits {
  /** Most pixels. */
  readonly maxPixels: number;
  /** Most scans. */
  readonly maxScans: number;
}

/** Who decodes JPEG. */
type JpegDecoder = LibjpegCandidate | { readonly name: "wasm" };

let chosen: JpegDecoder | undefined;

/**
 * Who decodes JPEG: Pillow's libjpeg, else the system's, else WebAssembly. `DEINO_JPEG` set to `pillow`, `system` or `wasm`
 * asks for one of them. The first call opens it.
 *
 * @throws {Error} If the one asked for cannot be opened.
 */
export function jpegDecoder(): JpegDecoder {
  return chosen ??= openLibjpeg();
}

function openLibjpeg(): JpegDecoder {
  const { asked, candidates } = readLibjpeg();
  const reasons: string[] = [];
  for (const candidate of candidates) {
    try {
      const path = new TextEncoder().encode(`${candidate.path}\0`);
      succeeded(native().deino_pixels_open_libjpeg(path));
      return candidate;
    } catch (error) {
      reasons.push(`${candidate.name}: ${(error as Error).message}`);
    }
  }
  if (asked === undefined || asked === "wasm") return { name: "wasm" };
  throw new Error(
    `Cannot decode JPEG by DEINO_JPEG=${asked}: ${reasons.join("; ") || "it was not found"}. ` +
      "Run `deno task build`, or unset DEINO_JPEG",
  );
}

/**
 * Decodes a JPEG file by libjpeg: gray, or red, green and blue.
 *
 * @throws {Error} If it is damaged, cut off or beyond the limits; the message is the reason.
 */
export function decodeJpegNatively(
  bytes: Uint8Array<ArrayBuffer>,
  { maxPixels, maxScans }: JpegLimits,
): ByteSamples {
  const size = [BigInt(bytes.length), BigInt(maxPixels)] as const;
  const header = new Int32Array(3);
  succeeded(native().deino_pixels_jpeg_header(bytes, ...size, header));
  const [width, height, channels] = header;
  const values = new Uint8Array(width * height * channels);
  succeeded(
    native().deino_pixels_decode_jpeg(bytes, ...size, maxScans, values, BigInt(values.length)),
  );
  return { width, height, channels, values };
}
