import type { Flags } from "../cli/flags.ts";
import { weightsHelp } from "../cli/weights.ts";
import { type CommonArguments, commonArguments, commonFlags } from "./common_flags.ts";

/** What every evaluation of labelled images is asked for. */
export interface EvaluationArguments extends CommonArguments {
  /** The folder of labelled validation images. */
  readonly val?: string;
  /** Where features are kept from one evaluation to the next. */
  readonly cache?: string;
  /** Side of the images in pixels. */
  readonly imageSize?: number;
}

/** Flags that every evaluation of labelled images has. */
export const evaluationFlags = [...commonFlags, "cache", "image-size"];

/** What `--help` says about {@linkcode evaluationFlags} and the folders. */
export const evaluationHelp = `${weightsHelp}
  --train SOURCE         labelled images to learn from: a folder for each class, or another source that
                         deno task data list --help names
  --val SOURCE           labelled validation images
  --output FILE          results as JSON; default: on the terminal only
  --cache DIR            cache features there, and reuse them for the same weights, images and
                         settings
  --device NAME          cpu, cuda, cuda:N or auto (default)
  --image-size N         side of the images after cropping; default: that of the run, else 224
  --batch-size N         images per batch; default 128
  --num-workers N        decoding threads; default one for each core, at most 10`;

/**
 * Reads {@linkcode evaluationFlags}.
 *
 * @throws {TypeError} If a value is invalid.
 */
export function evaluationArguments(flags: Flags): EvaluationArguments {
  return {
    ...commonArguments(flags),
    val: flags.optionalSource("val"),
    cache: flags.optionalPath("cache"),
    imageSize: flags.count("image-size"),
  };
}
