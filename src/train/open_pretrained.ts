import { BackboneFile } from "../backbone/recognise/backbone_file.ts";
import type { Config } from "../config/schema.ts";

/**
 * Opens the weights that the configuration names for a network.
 *
 * @param network Whose: `student.pretrained_weights` or `teacher.pretrained_weights`.
 * @throws {Error} If they cannot be read or are no backbone; the message says which setting names them.
 */
export function openPretrained(config: Config, network: "student" | "teacher"): BackboneFile {
  const path = config[network].pretrained_weights;
  try {
    return new BackboneFile(path, { channels: config.data.channels });
  } catch (cause) {
    const { message } = cause as Error;
    throw new Error(`Cannot use ${network}.pretrained_weights: ${message}`, { cause });
  }
}
