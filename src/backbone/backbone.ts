import { BackboneFile, type WeightsOptions } from "./recognise/backbone_file.ts";
import { describeImport } from "./recognise/report.ts";
import type { Normalization } from "../data/augment/normalize.ts";
import { noGradScope } from "../autograd/mode.ts";
import { uninitialized } from "../nn/init.ts";
import type { Device } from "../tensor/device.ts";
import { VisionTransformer } from "../vit/vision_transformer.ts";
import {
  type NotedPreprocessing,
  type Preprocessing,
  preprocessingOf,
  resizedSide,
} from "./preprocessing.ts";

/** Options of {@linkcode loadBackbone}. */
export interface BackboneOptions extends WeightsOptions {
  /** Where to put it. Default: the CPU. */
  device?: Device;
}

/** A frozen backbone and where it comes from. */
export interface Backbone {
  /** The network, in evaluation mode. Dispose of it when done. */
  readonly model: VisionTransformer;
  /** The file it was read from. */
  readonly path: string;
  /** What the file calls the tensors that a parameter is made of, by the parameter's name. */
  readonly namesInFile: ReadonlyMap<string, readonly string[]>;
  /** The iteration of its training, counted from 0, if the file says. */
  readonly iteration?: number;
  /** The side in pixels of the images to evaluate it on: that of its run, else the reference's 224. */
  readonly imageSize: number;
  /** What its images are normalised by: as in its run or its model folder, else by ImageNet's mean and standard deviation. */
  readonly normalization: Normalization;
  /** How its images are prepared outside of evaluations, which follow their own protocols. */
  readonly preprocessing: Preprocessing;
  /** Side in pixels that images are resized to before any crop, if the file or its folder specifies one. */
  readonly notedSide?: number;
  /** What the file says about itself: `iteration`, `config`, …; and how its images are prepared. */
  readonly state: Readonly<Record<string, unknown>> & { readonly preprocessing?: Preprocessing };
  /** Tensors of the file that are not part of it. */
  readonly leftOver: readonly string[];
  /** What was recognised, loaded, ignored and filled in, in a few lines. */
  readonly report: readonly string[];
}

/**
 * Loads a backbone for evaluation: from a run folder (its newest teacher), from a safetensors file or a file of
 * `torch.save`, under the names of the reference, of Hugging Face (with `config.json` beside it) or of timm, wrapped or
 * not. The network is built after the file's configuration, if there is one, and the weights' shapes. Tensors are
 * read one at a time, so that hardly more memory is taken than the network needs.
 *
 * @param path The folder or file.
 * @param options Device, and what to take for granted about the weights.
 * @throws {Error} If the file cannot be read, is not a backbone, or lacks weights.
 */
export function loadBackbone(path: string, options: BackboneOptions = {}): Backbone {
  using file = new BackboneFile(path, options);
  const seen = preprocessingOf(file.state, file.found.options.inChans!, options.preprocessing);
  const { iteration } = file.state;
  return {
    model: build(file).to({ device: options.device }).eval(),
    path: file.path,
    namesInFile: new Map(
      Array.from(file.found.origins, ([name, { from }]) => [name, from.map(({ name }) => name)]),
    ),
    iteration: typeof iteration === "number" ? iteration : undefined,
    imageSize: seen.evaluation_size,
    normalization: { mean: seen.mean, std: seen.std },
    preprocessing: seen,
    ...notesSize(file.state) && { notedSide: resizedSide(seen) },
    state: { ...file.state, preprocessing: seen },
    leftOver: file.found.leftOver,
    report: [
      ...describeImport(file.found),
      ...toldNormalization(file, seen, options.preprocessing),
    ],
  };
}

function notesSize({ preprocessing }: BackboneFile["state"]): boolean {
  return (preprocessing as NotedPreprocessing | undefined)?.image_size !== undefined;
}

/** What images are normalised by, where the model's folder says so or it is asked. */
function toldNormalization(
  { preprocessingFrom }: BackboneFile,
  { mean, std }: Preprocessing,
  asked: WeightsOptions["preprocessing"] = {},
): string[] {
  const isAsked = asked.mean !== undefined || asked.std !== undefined;
  const origin = isAsked ? "as asked" : preprocessingFrom;
  if (origin === undefined) return [];
  return [
    `Normalised by mean ${mean.join(" ")} and standard deviation ${std.join(" ")} (${origin})`,
  ];
}

function build(file: BackboneFile): VisionTransformer {
  const model = uninitialized(() => new VisionTransformer(file.found.options));
  try {
    for (const [name, parameter] of model.namedParameters()) {
      parameter.requiresGrad = false;
      noGradScope(() => parameter.copy_(file.read(name)));
    }
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}
