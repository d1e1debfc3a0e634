import { readImageHeader } from "./codec/image_header.ts";
import { type ImageFolder, locate } from "./folder.ts";
import { bytesPerPixel } from "./image.ts";
import { spreadEvenly } from "./sampler.ts";
import { readSample } from "./sources/sample.ts";

/** Files whose headers are read, spread over the folder. */
const MEASURED = 64;

/**
 * About how many bytes the images of a folder take once they are all decoded, judged by the headers of 64 of them; those
 * that cannot be read count nothing.
 *
 * @param channels What they are decoded to.
 */
export async function decodedBytes(folder: ImageFolder, channels: number): Promise<number> {
  const chosen = spreadEvenly(folder.paths.length, MEASURED);
  let pixels = 0;
  for (const index of chosen) {
    try {
      const { width, height } = await readImageHeader(await readSample(locate(folder, index)));
      pixels += width * height;
    } catch {
      // broken: that shows when it is to be decoded
    }
  }
  return pixels * folder.paths.length / Math.max(1, chosen.length) * bytesPerPixel(channels);
}
