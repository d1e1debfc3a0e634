/**
 * How far decoded pixels are from Pillow's. As a program, prints it of every JPEG in the table of pixels and of every TIFF
 * with JPEG inside.
 *
 * @module
 */
import { decodeImage } from "../../../src/data/codec/decode.ts";
import { decoderVersion } from "../../../src/data/codec/decoder_version.ts";
import { bytesOf, pillowPixels, pixelFiles } from "./pixel_table.ts";

/** How many channels images are decoded to. */
export const CHANNELS = [1, 2, 3, 4] as const;

/**
 * The greatest difference of a file's bytes from Pillow's, or undefined where Pillow reads none.
 *
 * @throws {Error} If it cannot be decoded, or has another size.
 */
export async function differenceFromPillow(
  name: string,
  channels: typeof CHANNELS[number],
): Promise<number | undefined> {
  const expected = pillowPixels(name, channels);
  if (expected === undefined) return undefined;
  const { width, height, pixels } = await decodeImage(bytesOf(name), { channels });
  if (
    width !== expected.width || height !== expected.height ||
    pixels.length !== expected.pixels.length
  ) throw new Error(`${name} is ${width}x${height} with ${pixels.length} numbers`);
  // Floats keep what is below a grey level.
  const slack = pixels instanceof Float32Array ? 1 : 0;
  return expected.pixels.reduce(
    (greatest, value, i) => Math.max(greatest, Math.abs(value - pixels[i]) - slack),
    0,
  );
}

/** What the program prints. */
export interface JpegDifferences {
  /** Who decoded. */
  readonly version: string;
  /** The greatest difference of each file, where there is one. */
  readonly differences: Readonly<Record<string, number>>;
}

if (import.meta.main) {
  const differences: Record<string, number> = {};
  for (const name of pixelFiles.filter((name) => /\.jpg$|jpeg.*\.tif$/.test(name))) {
    for (const channels of CHANNELS) {
      const difference = await differenceFromPillow(name, channels) ?? 0;
      if (difference > 0) differences[name] = Math.max(difference, differences[name] ?? 0);
    }
  }
  const printed: JpegDifferences = { version: decoderVersion(), differences };
  console.log(JSON.stringify(printed));
}
