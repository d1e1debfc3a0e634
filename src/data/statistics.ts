import { noGradScope } from "../autograd/mode.ts";
import { imageTensor } from "./augment/resize.ts";
import type { Normalization } from "./augment/normalize.ts";
import type { DecodeOptions } from "./codec/decode.ts";
import { type ImageFolder, selectImages } from "./folder.ts";
import { evaluationBatches } from "./loader.ts";
import { spreadEvenly } from "./sampler.ts";

/** Images that are looked at, spread over the folder: more would change the fourth digit. */
const MAX_IMAGES = 5000;

/** Options of {@linkcode channelStatistics}. */
export interface StatisticsOptions extends DecodeOptions {
  /** Decoding threads. Default: one for each core. */
  workers?: number;
  /** Ends the reading when it is aborted. Default: never. */
  signal?: AbortSignal;
  /** Share of broken files at which it ends, 0 to 1. Default: 0.1. */
  maxBrokenFraction?: number;
}

/**
 * The mean and standard deviation of each channel over all pixels of a folder's images, or of 5000 of them at even
 * distances, on a scale from 0 to 1.
 *
 * @throws {Error} If too many images cannot be decoded, or a channel is the same everywhere.
 */
export async function channelStatistics(
  folder: ImageFolder,
  options: StatisticsOptions = {},
): Promise<Normalization> {
  const { channels = 3 } = options;
  const chosen = spreadEvenly(folder.paths.length, MAX_IMAGES);
  const sums = Array<number>(channels).fill(0), squares = Array<number>(channels).fill(0);
  let pixels = 0;
  using loader = evaluationBatches(selectImages(folder, chosen), { ...options, cacheBytes: 0 });
  for await (const { images } of loader) {
    for (const image of images) {
      pixels += image.width * image.height;
      const [sum, square] = noGradScope(() => {
        const light = imageTensor(image).to({ dtype: "float64" }).div_(255); // [C, H, W]
        return [light.sum([1, 2]), light.pow(2).sum([1, 2])].map((x) => x.toList() as number[]);
      });
      for (let c = 0; c < channels; c++) {
        sums[c] += sum[c];
        squares[c] += square[c];
      }
    }
  }
  const mean = sums.map((sum) => sum / pixels);
  const std = squares.map((square, c) => Math.sqrt(Math.max(0, square / pixels - mean[c] ** 2)));
  const constant = std.findIndex((value) => !(value > 1e-6));
  if (constant >= 0) {
    throw new Error(
      `Cannot normalise channel ${constant} of ${folder.root}: it is the same in every pixel`,
    );
  }
  return { mean: mean.map(rounded), std: std.map(rounded) };
}

/** As many digits as the sample can vouch for. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
