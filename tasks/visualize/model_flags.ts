import type { WeightsOptions } from "../../src/backbone/recognise/backbone_file.ts";
import type { Flags } from "../cli/flags.ts";
import { weightsFlags, weightsHelp, weightsOptions } from "../cli/weights.ts";

/** What every command that looks through a network is asked for. */
export interface ModelArguments {
  /** A run folder or a file of weights. */
  readonly weights: string;
  /** What the weights do not say. */
  readonly known: WeightsOptions;
  /** The folder of images. */
  readonly data: string;
  /** The folder of pictures. */
  readonly output: string;
  /** Where to compute. */
  readonly device: string;
  /** Images to show. */
  readonly count: number;
  /** Short side of the images in pixels. Default: what the weights note, else that which their positions were made for. */
  readonly imageSize?: number;
}

/** The flags of {@linkcode ModelArguments}. */
export const modelFlags = {
  required: ["weights", "data", "output"],
  optional: [...weightsFlags, "device", "count", "image-size"],
};

/** What `--help` says about the images that patches are shown of. */
export const patchHelp = `${weightsHelp}
  --data DIR             images, nested or flat
  --output DIR           where the pictures go, beside --data and not in it
  --count N              images to show, spread over the folder; default 8
  --image-size N         short side of the images, to the nearest whole patch; the long side in
                         proportion; default: what the weights or the files beside them specify,
                         else that of the position table
  --device NAME          cpu, cuda, cuda:N or auto (default)`;

/**
 * Reads {@linkcode modelFlags}.
 *
 * @throws {TypeError} If a value is invalid.
 */
export function modelArguments(flags: Flags): ModelArguments {
  return {
    weights: flags.path("weights"),
    known: weightsOptions(flags),
    data: flags.source("data"),
    output: flags.path("output"),
    device: flags.optional("device") ?? "auto",
    count: flags.count("count") ?? 8,
    imageSize: flags.count("image-size"),
  };
}
