import { type Backbone, loadBackbone } from "../../src/backbone/backbone.ts";
import type { WeightsOptions } from "../../src/backbone/recognise/backbone_file.ts";
import { positionRules } from "../../src/backbone/recognise/known_options.ts";
import { cropModes } from "../../src/data/augment/eval_transform.ts";
import { interpolations } from "../../src/data/augment/resample.ts";
import type { Device } from "../../src/tensor/device.ts";
import { UnknownHeadsError } from "../../src/vit/infer_options.ts";
import type { Flags } from "./flags.ts";
import { shownPath } from "./paths.ts";
import { stdout } from "./terminal.ts";

/** Flags that say what weights do not. */
export const weightsFlags = ["num-heads", "positions", "channels", "mean", "std"];

/** What `--help` says about `--weights` and {@linkcode weightsFlags}. */
export const weightsHelp =
  `  --weights PATH         a run folder, a folder of Hugging Face or timm, or a .safetensors or .pth file
  --num-heads N          attention heads, if the weights match no known architecture
  --channels N           channels of the images, 1 to 16; RGB weights are inflated;
                         default: those of the weights
  --positions NAME       position-embedding interpolation: reference, hf or timm; default: that of
                         the weights' run, else the reference's
  --mean A,B,C           mean of each channel for normalisation, 0 to 1
  --std A,B,C            standard deviation of each channel; default of both: what the weights or
                         files beside them specify, else ImageNet's`;

/** Flags that say how images become squares, where weights note it otherwise. */
export const viewFlags = ["image-size", "interpolation", "crop-mode", "crop-pct"];

/** What `--help` says about {@linkcode viewFlags}. */
export const viewHelp =
  `  --image-size N         side of the images after cropping; default: what the weights or files
                         beside them specify, else that of the run, else 224
  --interpolation NAME   how images are resized: ${interpolations.join(", ")};
                         default: what they specify, else bicubic
  --crop-mode NAME       center (by the short side), squash (both sides) or border (by the long side);
                         default: what they specify, else center
  --crop-pct X           share of the resized side that the crop keeps; default: what they specify, else
                         0.875 for 224 pixels and 1 for others`;

/**
 * Reads {@linkcode weightsFlags}.
 *
 * @throws {TypeError} If a value is invalid.
 */
export function weightsOptions(flags: Flags): WeightsOptions {
  return {
    numHeads: flags.count("num-heads"),
    channels: channelCount(flags),
    positions: flags.choice("positions", positionRules),
    preprocessing: { mean: meanOf(flags), std: flags.positives("std") },
  };
}

/**
 * Reads {@linkcode viewFlags} beside {@linkcode weightsFlags}.
 *
 * @throws {TypeError} If a value is invalid.
 */
export function viewOptions(flags: Flags): WeightsOptions {
  const { preprocessing, ...known } = weightsOptions(flags);
  const crop_pct = flags.positive("crop-pct");
  if (crop_pct !== undefined && crop_pct > 1) {
    throw new TypeError(`Cannot read --crop-pct ${crop_pct}: give a share up to 1`);
  }
  return {
    ...known,
    preprocessing: {
      ...preprocessing,
      image_size: flags.count("image-size"),
      interpolation: flags.choice("interpolation", interpolations),
      crop_mode: flags.choice("crop-mode", cropModes),
      crop_pct,
    },
  };
}

function meanOf(flags: Flags): number[] | undefined {
  const mean = flags.numbers("mean");
  if (mean?.every((value) => value >= 0 && value <= 1) !== false) return mean;
  throw new TypeError(
    `Cannot read --mean ${mean}: give numbers from 0 to 1, those of bytes divided by 255`,
  );
}

/** Where a command line says that weights are. */
interface AskedWeights {
  /** A run folder or a file of weights. */
  readonly weights: string;
  /** What the weights do not say. */
  readonly known: WeightsOptions;
}

/**
 * Loads the backbone that a command line names, and says what was found.
 *
 * @throws {Error} If the weights cannot be used; where a flag would cure it, the message names it.
 */
export function openBackbone({ weights, known }: AskedWeights, device?: Device): Backbone {
  try {
    const backbone = loadBackbone(weights, { ...known, device });
    for (const line of [shownPath(backbone.path), ...backbone.report]) stdout.line(line);
    return backbone;
  } catch (error) {
    if (!stemsFromUnknownHeads(error)) throw error;
    throw new Error(`${(error as Error).message}; or give it with --num-heads`, { cause: error });
  }
}

function stemsFromUnknownHeads(error: unknown): boolean {
  return error instanceof UnknownHeadsError ||
    (error instanceof Error && stemsFromUnknownHeads(error.cause));
}

const MAX_CHANNELS = 16;

function channelCount(flags: Flags): number | undefined {
  const channels = flags.count("channels");
  if (channels === undefined || channels <= MAX_CHANNELS) return channels;
  throw new TypeError(`Cannot read --channels ${channels}: give 1 to ${MAX_CHANNELS}`);
}
