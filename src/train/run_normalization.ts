/**
 * What the images of a run are normalised by: `data.mean` and `data.std`, where these leave it to weights or to the images.
 *
 * @module
 */
import { notedNormalization } from "../backbone/preprocessing.ts";
import { resolveConfig } from "../config/resolve.ts";
import type { Config } from "../config/schema.ts";
import {
  imagenetNormalization,
  type Normalization,
  normalizationOf,
} from "../data/augment/normalize.ts";
import type { ImageFolder } from "../data/folder.ts";
import { channelStatistics } from "../data/statistics.ts";
import { STREAMED } from "./image_stream.ts";
import { openPretrained, PRETRAINED } from "./pretrained_weights.ts";
import { decodingOf } from "./training_data.ts";

/**
 * A configuration whose images are normalised as the pretrained weights in it note, where it does not say by what itself.
 *
 * @param config The configuration.
 * @param onNote Takes what is normalised by, where it is not ImageNet's or not what weights note.
 * @throws {Error} If weights cannot be read, or those of student and teacher note different values and no others are set.
 */
export function withPretrainedNormalization(
  config: Config,
  onNote: (text: string) => void,
): Config {
  const { mean, std } = config.data;
  const noted = PRETRAINED.flatMap((network) => notesOf(config, network) ?? []);
  const [first] = noted;
  const isSet = mean !== "weights" && std !== "weights";
  if (!isSet) requireAgreement(noted);
  const known = imagenetNormalization(config.data.channels);
  const taken = first && !isLike(first.normalization, known) ? first.normalization : undefined;
  const resolved = taken === undefined || isSet ? config : resolveConfig(config, {
    data: {
      ...mean === "weights" && { mean: [...taken.mean] },
      ...std === "weights" && { std: [...taken.std] },
    },
  });
  if (taken && mean === "weights" && std === "weights") {
    onNote(`Normalising by ${inSettings(taken)}, as ${first.path} specifies`);
    return resolved;
  }
  const { data } = resolved;
  const isComputed = data.mean === "auto" || data.std === "auto";
  for (const { path, normalization } of noted) {
    if (!isComputed && isLike(normalization, normalizationOf(data))) continue;
    onNote(
      `Normalising by ${inSettings(data)}, as set; ${path} specifies ${inSettings(normalization)}`,
    );
  }
  return resolved;
}

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
  onNote(`Normalising by ${inSettings(data)}`);
  return { ...config, data };
}

/** What weights note that images are normalised by. */
interface Notes {
  readonly path: string;
  readonly normalization: Normalization;
}

function notesOf(config: Config, network: typeof PRETRAINED[number]): Notes | undefined {
  if (config[network].pretrained_weights === "") return undefined;
  using file = openPretrained(config, network);
  const normalization = notedNormalization(file.state, config.data.channels);
  return normalization && { path: file.path, normalization };
}

/** @throws {Error} If the weights of student and teacher note different values. */
function requireAgreement([first, second]: readonly Notes[]): void {
  if (second === undefined || isLike(first.normalization, second.normalization)) return;
  throw new Error(
    `Cannot normalise images for student and teacher: ${first.path} specifies ${
      inSettings(first.normalization)
    }, and ${second.path} ${inSettings(second.normalization)}. Set data.mean and data.std`,
  );
}

function isLike(a: Normalization, b: Normalization): boolean {
  return String([a.mean, a.std]) === String([b.mean, b.std]);
}

function inSettings({ mean, std }: Normalization | Pick<Config["data"], "mean" | "std">): string {
  return `data.mean=${JSON.stringify(mean)} data.std=${JSON.stringify(std)}`;
}
