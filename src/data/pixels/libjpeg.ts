import type { ByteSamples } from "../codec/samples.ts";
import { nativeText, pixels as native, succeeded } from "../../ffi/pixels.ts";

/** What a JPEG file may cost at most. */
export interface JpegLimits {
  /** Most pixels. */
  readonly maxPixels: number;
  /** Most scans. */
  readonly maxScans: number;
}

/**
 * Opens the libjpeg that {@linkcode decodeJpegNatively} uses from then on.
 *
 * @param path Its file, or a name that the system's loader knows.
 * @throws {Error} If it cannot be opened, or is none.
 */
export function openLibjpeg(path: string): void {
  succeeded(native().deino_pixels_open_libjpeg(nativeText(path)));
}

/**
 * Decodes a JPEG file by libjpeg: gray, or red, green and blue.
 *
 * @param bytes The file.
 * @param limits What it may cost.
 * @param keepsInks Whether it has four inks, which are wanted as they are stored. Default: inks are mixed.
 * @throws {Error} If it is damaged, cut off or beyond the limits; the message is the reason.
 */
export function decodeJpegNatively(
  bytes: Uint8Array<ArrayBuffer>,
  { maxPixels, maxScans }: JpegLimits,
  keepsInks = false,
): ByteSamples {
  const size = [BigInt(bytes.length), BigInt(maxPixels)] as const;
  const header = new Int32Array(3);
  succeeded(native().deino_pixels_jpeg_header(bytes, ...size, header));
  const [width, height] = header;
  const channels = keepsInks ? 4 : header[2];
  const values = new Uint8Array(width * height * channels);
  const room = BigInt(values.length);
  succeeded(
    native().deino_pixels_decode_jpeg(bytes, ...size, maxScans, Number(keepsInks), values, room),
  );
  return { width, height, channels, values };
}
