import type { FfnLayer } from "./block.ts";
import type { PositionOptions } from "./position.ts";

/** The shape of a {@linkcode VisionTransformer}, in the reference's names. */
export interface VisionTransformerOptions extends PositionOptions {
  /**
   * Side in pixels of the images that the position table is for; any other size is interpolated.
   * Default: 224.
   */
  imgSize?: number;
  /** Side of a patch in pixels. Default: 16. */
  patchSize?: number;
  /** Channels of an image. Default: 3. */
  inChans?: number;
  /** Token width D. Default: 768. */
  embedDim?: number;
  /** Number of blocks. Default: 12. */
  depth?: number;
  /** Attention heads, a divisor of `embedDim`. Default: 12. */
  numHeads?: number;
  /** Width of the feed-forward layers over `embedDim`. Default: 4. */
  mlpRatio?: number;
  /** The feed-forward layers. Default: "mlp". */
  ffnLayer?: FfnLayer;
  /** Initial LayerScale; 0 leaves LayerScale out. Default: 1e-5. */
  initValues?: number;
  /** Stochastic-depth rate: the share of each batch that a residual branch drops in training. Default: 0. */
  dropPathRate?: number;
  /**
   * Whether every block has that rate, instead of one that grows linearly from the first to the last. Default:
   * true.
   */
  dropPathUniform?: boolean;
  /** Register tokens, which belong to no patch. Default: 0. */
  numRegisterTokens?: number;
  /** Seed of the initial weights, which do not depend on the device. Default: 0. */
  seed?: number;
}

/** Options with every default filled in. */
export type ResolvedVisionTransformerOptions = Required<VisionTransformerOptions>;

const defaults: ResolvedVisionTransformerOptions = {
  imgSize: 224,
  patchSize: 16,
  inChans: 3,
  embedDim: 768,
  depth: 12,
  numHeads: 12,
  mlpRatio: 4,
  ffnLayer: "mlp",
  initValues: 1e-5,
  dropPathRate: 0,
  dropPathUniform: true,
  numRegisterTokens: 0,
  interpolateOffset: 0.1,
  interpolateAntialias: false,
  seed: 0,
};

/**
 * Fills in defaults and checks that a transformer of this shape can be built.
 *
 * @param options What differs from the defaults.
 * @returns The complete options.
 * @throws {RangeError} If a value is out of range or two values do not go together.
 */
export function resolveOptions(
  options: VisionTransformerOptions,
): ResolvedVisionTransformerOptions {
  const resolved = { ...defaults, ...options };
  for (
    const name of ["imgSize", "patchSize", "inChans", "embedDim", "depth", "numHeads"] as const
  ) {
    requireInteger(name, resolved[name], 1);
  }
  requireInteger("numRegisterTokens", resolved.numRegisterTokens, 0);
  const { imgSize, patchSize, embedDim, numHeads, dropPathRate, mlpRatio, ffnLayer } = resolved;
  if (imgSize % patchSize !== 0) {
    throw new RangeError(
      `Cannot cut images of ${imgSize} pixels into patches of ${patchSize}: ` +
        "imgSize must be a multiple of patchSize",
    );
  }
  if (embedDim % numHeads !== 0) {
    throw new RangeError(
      `Cannot split tokens of width ${embedDim} into ${numHeads} heads: ` +
        "embedDim must be a multiple of numHeads",
    );
  }
  if (!(dropPathRate >= 0 && dropPathRate < 1)) {
    throw new RangeError(
      `Cannot drop paths at rate ${dropPathRate}: dropPathRate must be in [0, 1)`,
    );
  }
  if (!(embedDim * mlpRatio >= 1)) {
    throw new RangeError(
      `Cannot build feed-forward layers with mlpRatio ${mlpRatio}: it must be positive`,
    );
  }
  if (!["mlp", "swiglu", "swiglufused"].includes(ffnLayer)) {
    throw new RangeError(
      `Cannot build the feed-forward layer "${ffnLayer}": choose "mlp", "swiglu" or "swiglufused"`,
    );
  }
  return resolved;
}

/** The share each block drops: the same everywhere, or growing linearly from 0 to the rate. */
export function dropPathRates(options: ResolvedVisionTransformerOptions): number[] {
  const { depth, dropPathRate, dropPathUniform } = options;
  const share = (i: number) => dropPathUniform ? 1 : i / Math.max(depth - 1, 1);
  return Array.from({ length: depth }, (_, i) => dropPathRate * share(i));
}

function requireInteger(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new RangeError(
      `Cannot build a vision transformer with ${name} ${value}: ` +
        `it must be an integer of at least ${least}`,
    );
  }
}
