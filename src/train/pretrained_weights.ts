import { notedNormalization } from "../backbone/preprocessing.ts";
import { BackboneFile } from "../backbone/recognise/backbone_file.ts";
import { resolveConfig } from "../config/resolve.ts";
import type { Config } from "../config/schema.ts";
import {
  imagenetNormalization,
  type Normalization,
  normalizationOf,
} from "../data/augment/normalize.ts";
import { isFinite } from "../features/finite_features.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Networks that a run can take weights for. */
const NETWORKS = ["student", "teacher"] as const;

/**
 * Opens the weights that the configuration names for a network.
 *
 * @param network Whose: `student.pretrained_weights` or `teacher.pretrained_weights`.
 * @throws {Error} If they cannot be read or are not a backbone; the message says which setting names them.
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
 * Reads one parameter of a network.
 *
 * @param file Its weights.
 * @param name As the reference's checkpoints have it: `backbone.cls_token`, `dino_head.mlp.0.weight`.
 * @throws {Error} If it cannot be read, or holds NaN or infinity; the message has the file's own name for it.
 */
export function readPretrained(file: BackboneFile, name: string): Tensor {
  const ofBackbone = /^backbone\.(.+)/.exec(name)?.[1];
  const [values, sources] = ofBackbone === undefined
    ? [file.readHead(name), [file.heads.get(name)!]]
    : [file.read(ofBackbone), file.found.origins.get(ofBackbone)!.from];
  if (isFinite(values)) return values;
  values.dispose();
  const names = sources.map((facts) => facts.name).join(" or ");
  throw new Error(
    `Cannot start from the weights in "${file.path}": their tensor ${names} holds NaN or infinity. ` +
      "Use an earlier checkpoint, or another copy of the file",
  );
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
  const { mean, std } = config.data;
  const noted = NETWORKS.flatMap((network) => notesOf(config, network) ?? []);
  const [first, second] = noted;
  const isSet = mean !== "weights" && std !== "weights";
  if (!isSet && second && !isLike(first.normalization, second.normalization)) {
    throw new Error(
      `Cannot normalise images for student and teacher: ${first.path} specifies ${
        inSettings(first.normalization)
      }, and ${second.path} ${inSettings(second.normalization)}. Set data.mean and data.std`,
    );
  }
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
  for (const { path, normalization } of noted) {
    const isComputed = data.mean === "auto" || data.std === "auto";
    if (!isComputed && isLike(normalization, normalizationOf(data))) continue;
    onNote(
      `Normalising by ${inSettings(data)}, as set; ${path} specifies ${inSettings(normalization)}`,
    );
  }
  return resolved;
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

function inSettings({ mean, std }: Normalization | Pick<Config["data"], "mean" | "std">): string {
  return `data.mean=${JSON.stringify(mean)} data.std=${JSON.stringify(std)}`;
}
