import { notedNormalization } from "../backbone/preprocessing.ts";
import { BackboneFile } from "../backbone/recognise/backbone_file.ts";
import { resolveConfig } from "../config/resolve.ts";
import type { Config } from "../config/schema.ts";
import { normalizationOf } from "../data/augment/normalization_of.ts";
import type { Normalization } from "../data/augment/normalize.ts";

/** Networks that a run can take weights for. */
const NETWORKS = ["student", "teacher"] as const;

/**
 * Opens the weights that the configuration names for a network.
 *
 * @param network Whose: `student.pretrained_weights` or `teacher.pretrained_weights`.
 * @throws {Error} If they cannot be read or are no backbone; the message says which setting names them.
 */
export function openPretrained(config: Config, network: typeof NETWORKS[number]): BackboneFile {
  const path = config[network].pretrained_weights;
  try {
    return new BackboneFile(path, { channels: config.data.channels });
  } catch (cause) {
    const { message } = cause as Error;
    throw new Error(`Cannot use ${network}.pretrained_weights: ${message}`, { cause });
  }
}

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
  const noted = NETWORKS.flatMap((network) => notesOf(config, network) ?? []);
  const { mean, std } = config.data;
  if (noted.length === 0) return config;
  if (mean !== "imagenet" || std !== "imagenet") {
    for (const { path, normalization } of noted) {
      if (
        mean === "auto" || std === "auto" || !isLike(normalization, normalizationOf(config.data))
      ) {
        onNote(
          `Normalising by data.mean=${JSON.stringify(mean)} data.std=${JSON.stringify(std)}, ` +
            `as set; ${path} notes ${inSettings(normalization)}`,
        );
      }
    }
    return config;
  }
  const [first, second] = noted;
  if (second !== undefined && !isLike(first.normalization, second.normalization)) {
    throw new Error(
      `Cannot normalise images for student and teacher: ${first.path} notes ${
        inSettings(first.normalization)
      }, and ${second.path} ${inSettings(second.normalization)}. Set data.mean and data.std`,
    );
  }
  if (isLike(first.normalization, normalizationOf(config.data))) return config;
  onNote(`Normalising by ${inSettings(first.normalization)}, as ${first.path} notes`);
  const { mean: ownMean, std: ownStd } = first.normalization;
  return resolveConfig(config, { data: { mean: [...ownMean], std: [...ownStd] } });
}

interface Notes {
  readonly path: string;
  readonly normalization: Normalization;
}

function notesOf(config: Config, network: typeof NETWORKS[number]): Notes | undefined {
  if (config[network].pretrained_weights === "") return undefined;
  using file = openPretrained(config, network);
  const normalization = notedNormalization(file.state, config.data.channels);
  return normalization && { path: file.path, normalization };
}

function isLike(a: Normalization, b: Normalization): boolean {
  return String([a.mean, a.std]) === String([b.mean, b.std]);
}

function inSettings({ mean, std }: Normalization): string {
  return `data.mean=${JSON.stringify(mean)} data.std=${JSON.stringify(std)}`;
}
