import { readBackboneWeights } from "../checkpoint/weights.ts";
import type { Device } from "../tensor/device.ts";
import { scope } from "../tensor/scope.ts";
import { architectures } from "../vit/architectures.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { inferOptions, type UntoldOptions, type WeightShapes } from "../vit/infer_options.ts";
import { VisionTransformer } from "../vit/vision_transformer.ts";

const REFERENCE_IMAGE_SIZE = 224;

/** A frozen backbone and where it comes from. */
export interface Backbone {
  /** The network, in evaluation mode. Dispose of it when done. */
  readonly model: VisionTransformer;
  /** The file it was read from. */
  readonly path: string;
  /** The iteration of its training, counted from 0, if the file tells. */
  readonly iteration?: number;
  /** The side in pixels of the images to evaluate it on: that of its run, else the reference's 224. */
  readonly imageSize: number;
  /** Tensors of the file that are no part of it. */
  readonly leftOver: readonly string[];
}

/**
 * Loads a backbone for evaluation: from a run folder (its last teacher), a checkpoint or a safetensors file with the
 * reference's names. The network is built after the file's configuration, if it holds one, and the weights' shapes.
 *
 * @param path The folder or file.
 * @param options Where to put it. Default: the CPU.
 * @throws {Error} If the file cannot be read, is no backbone, or lacks weights.
 */
export function loadBackbone(path: string, options: { device?: Device } = {}): Backbone {
  return scope(() => {
    const { tensors, path: file, state } = readBackboneWeights(path);
    const config = (state.config ?? {}) as TrainedConfig;
    try {
      const model = build(tensors, config);
      const leftOver = Object.keys(tensors).filter((name) => !(name in model.stateDict()));
      const iteration = typeof state.iteration === "number" ? state.iteration : undefined;
      return {
        model: model.to(options).eval(),
        path: file,
        iteration,
        imageSize: imageSizeOf(config),
        leftOver,
      };
    } catch (cause) {
      throw new Error(`${(cause as Error).message} (in "${file}")`, { cause });
    }
  });
}

/** The keys of a run's configuration that matter here, if it has them. */
type TrainedConfig = Partial<Record<string, Record<string, unknown>>>;

function build(tensors: Record<string, Tensor>, config: TrainedConfig): VisionTransformer {
  const model = new VisionTransformer(inferOptions(shapesOf(tensors), untold(config)));
  try {
    const own = Object.keys(model.stateDict());
    const missing = own.filter((name) => !(name in tensors));
    if (missing.length > 0) throw new Error(`Cannot load the backbone: it lacks ${few(missing)}`);
    model.loadStateDict(Object.fromEntries(own.map((name) => [name, tensors[name]])));
    for (const parameter of model.parameters()) parameter.requiresGrad = false;
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function shapesOf(tensors: Record<string, Tensor>): WeightShapes {
  return Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape]));
}

/** What a run's configuration says beyond the shapes of weights. */
function untold({ student = {} }: TrainedConfig): UntoldOptions {
  const { arch, interpolate_offset: offset, interpolate_antialias: antialias } = student;
  return {
    numHeads: Object.entries(architectures).find(([name]) => name === arch)?.[1].numHeads,
    interpolateOffset: typeof offset === "number" ? offset : undefined,
    interpolateAntialias: typeof antialias === "boolean" ? antialias : undefined,
  };
}

function imageSizeOf({ evaluation, crops }: TrainedConfig): number {
  const size = evaluation?.image_size || crops?.global_crops_size;
  return typeof size === "number" ? size : REFERENCE_IMAGE_SIZE;
}

function few(names: readonly string[]): string {
  const more = names.length > 6 ? ` and ${names.length - 6} more` : "";
  return names.slice(0, 6).join(", ") + more;
}
