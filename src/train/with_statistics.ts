import { decodingOf } from "./training_data.ts";
import type { Config } from "../config/schema.ts";
import type { ImageFolder } from "../data/folder.ts";
import { STREAMED } from "./image_stream.ts";
import { channelStatistics } from "../data/statistics.ts";

/**
 * A configuration with the mean and standard deviation of the images that it is for, where it asks for these.
 *
 * @param config The configuration.
 * @param images What is trained on.
 * @param onNote Takes what the user should know.
 * @throws {RangeError} If they come from a stream.
 * @throws {Error} If the images cannot be read.
 */
export async function withStatistics(
  config: Config,
  images: ImageFolder,
  onNote: (text: string) => void,
): Promise<Config> {
  const { mean, std, max_broken_fraction: maxBrokenFraction } = config.data;
  if (mean !== "auto" && std !== "auto") return config;
  if (images === STREAMED) {
    throw new RangeError(
      "Cannot compute data.mean and data.std of images of your own before they come: set both",
    );
  }
  const workers = config.train.num_workers || undefined;
  const decoding = decodingOf(config.data);
  const computed = await channelStatistics(images, { ...decoding, workers, maxBrokenFraction });
  const data = {
    ...config.data,
    mean: mean === "auto" ? computed.mean : mean,
    std: std === "auto" ? computed.std : std,
  };
  const list = (values: typeof data.mean) => JSON.stringify(values);
  onNote(`Normalising by data.mean=${list(data.mean)} data.std=${list(data.std)}`);
  return { ...config, data };
}
