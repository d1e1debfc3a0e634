import type { WeightsOptions } from "../../src/backbone/recognise/backbone_file.ts";
import { positionRules } from "../../src/backbone/recognise/known_options.ts";
import type { Flags } from "./flags.ts";

/** Flags that say what weights do not. */
export const weightsFlags = ["num-heads", "positions", "channels"];

/** What `--help` says about `--weights` and {@linkcode weightsFlags}. */
export const weightsHelp =
  `  --weights PATH         a run folder, a folder of Hugging Face or timm, or a .safetensors or .pth file
  --num-heads N          attention heads, where the weights are of no known architecture
  --channels N           channels of the images, 1 to 16; weights for red, green and blue are inflated;
                         default: those of the weights
  --positions NAME       position-embedding interpolation: reference, hf or timm; default: that of
                         the weights' run, else the reference's`;

/**
 * Reads {@linkcode weightsFlags}.
 *
 * @throws {TypeError} If a value makes no sense.
 */
export function weightsOptions(flags: Flags): WeightsOptions {
  return {
    numHeads: flags.count("num-heads"),
    channels: channelCount(flags),
    positions: flags.choice("positions", positionRules),
  };
}

const MAX_CHANNELS = 16;

function channelCount(flags: Flags): number | undefined {
  const channels = flags.count("channels");
  if (channels === undefined || channels <= MAX_CHANNELS) return channels;
  throw new TypeError(`Cannot read --channels ${channels}: give 1 to ${MAX_CHANNELS}`);
}
