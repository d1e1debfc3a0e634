/**
 * How far decoded pixels are from Pillow's. As a program, prints it of the files in the table of pixels whose names match a
 * regular expression.
 *
 * @module
 */
import { decodeImage } from "../../../src/data/codec/decode.ts";
import { decoderVersion } from "../../../src/data/codec/decoder_version.ts";
import { bytesOf, pillowPixels, pixelFiles } from "./pixel_table.ts";

/** How many channels images are decoded to. */
export const CHANNELS = [1, 2, 3, 4] as const;

/** What Pillow reads and Deino does not, with the words that say so. */
export const UNREAD: Readonly<Record<string, string>> = {
  "signed16.tif": "signed integers of 16 bits are not read",
  "float32.tif": "floats of 32 bits are not read",
  "uint32.tif": "integers of 32 bits are not read",
  "rgb420.jp2": "components of fewer samples are read of Y′CbCr in 4:2:0 and 4:2:2 alone",
};

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
export interface PixelDifferences {
  /** Who decoded. */
  readonly version: string;
  /** The greatest difference of each file, where there is one. */
  readonly differences: Readonly<Record<string, number>>;
}

if (import.meta.main) {
  const [names] = Deno.args.map((pattern) => new RegExp(pattern));
  const differences: Record<string, number> = {};
  for (const name of pixelFiles.filter((name) => names.test(name) && !(name in UNREAD))) {
    for (const channels of CHANNELS) {
      const difference = await differenceFromPillow(name, channels) ?? 0;
      if (difference > 0) differences[name] = Math.max(difference, differences[name] ?? 0);
    }
  }
  const printed: PixelDifferences = { version: decoderVersion(), differences };
  console.log(JSON.stringify(printed));
}
