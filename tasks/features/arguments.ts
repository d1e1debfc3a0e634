import type { WeightsOptions } from "../../src/backbone/recognise/backbone_file.ts";
import {
  checkFeaturePath,
  type FeatureKind,
  featureKinds,
} from "../../src/features/feature_kinds.ts";
import { Flags } from "../cli/flags.ts";
import { weightsFlags, weightsOptions } from "../cli/weights_flags.ts";

/** What a command line of `deno task features` asks for. */
export interface FeaturesArguments {
  /** A run folder or a file of weights. */
  readonly weights: string;
  /** What the weights do not say. */
  readonly known: WeightsOptions;
  /** The folder of images. */
  readonly data: string;
  /** Where the features go. */
  readonly output: string;
  /** Which features. */
  readonly kind: FeatureKind;
  /** Where to compute. */
  readonly device: string;
  /** Side of the images in pixels. */
  readonly imageSize?: number;
  /** Images computed at a time. */
  readonly batchSize?: number;
  /** Decoding threads. */
  readonly workers?: number;
}

/**
 * Reads the command line.
 *
 * @throws {TypeError} If a flag does not exist, is missing or has no sensible value.
 */
export function prepareFeatures(args: readonly string[]): FeaturesArguments {
  const flags = new Flags(args, {
    required: ["weights", "data", "output"],
    optional: [...weightsFlags, "kind", "device", "image-size", "batch-size", "num-workers"],
    switches: [],
  });
  const kind = flags.choice("kind", featureKinds) ?? "cls";
  const output = flags.text("output");
  checkFeaturePath(output, kind);
  return {
    weights: flags.text("weights"),
    known: weightsOptions(flags),
    data: flags.text("data"),
    output,
    kind,
    device: flags.optional("device") ?? "auto",
    imageSize: flags.count("image-size"),
    batchSize: flags.count("batch-size"),
    workers: flags.count("num-workers"),
  };
}
