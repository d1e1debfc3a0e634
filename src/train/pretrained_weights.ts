import { BackboneFile } from "../backbone/recognise/backbone_file.ts";
import type { Config } from "../config/schema.ts";
import { allFinite } from "../features/finite_features.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Networks that a run can take weights for. */
export const PRETRAINED = ["student", "teacher"] as const;

/**
 * Opens the weights that the configuration names for a network.
 *
 * @param network Whose: `student.pretrained_weights` or `teacher.pretrained_weights`.
 * @throws {Error} If they cannot be read or are not a backbone; the message says which setting names them.
 */
export function openPretrained(config: Config, network: typeof PRETRAINED[number]): BackboneFile {
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
  if (allFinite(values)) return values;
  values.dispose();
  const names = sources.map((facts) => facts.name).join(" or ");
  throw new Error(
    `Cannot start from the weights in "${file.path}": their tensor ${names} holds NaN or infinity. ` +
      "Use an earlier checkpoint, or another copy of the file",
  );
}
