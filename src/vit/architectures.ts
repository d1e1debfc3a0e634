import type { VisionTransformerOptions } from "./options.ts";

/** The sizes of an architecture; patches, images and the rest are options of their own. */
export interface Architecture {
  /** Token width. */
  readonly embedDim: number;
  /** Number of blocks. */
  readonly depth: number;
  /** Attention heads. */
  readonly numHeads: number;
}

/**
 * The reference's four architectures under its names, and smaller ones for small images and
 * machines.
 */
export const architectures = {
  vit_nano: { embedDim: 64, depth: 4, numHeads: 2 },
  vit_micro: { embedDim: 128, depth: 4, numHeads: 4 },
  vit_mini: { embedDim: 192, depth: 6, numHeads: 6 },
  vit_tiny: { embedDim: 192, depth: 12, numHeads: 3 },
  vit_small: { embedDim: 384, depth: 12, numHeads: 6 },
  vit_base: { embedDim: 768, depth: 12, numHeads: 12 },
  vit_large: { embedDim: 1024, depth: 24, numHeads: 16 },
  vit_giant2: { embedDim: 1536, depth: 40, numHeads: 24 },
} as const satisfies Record<string, Architecture>;

/** The name of an architecture. */
export type ArchitectureName = keyof typeof architectures;

/** The name of the architecture of these sizes, if there is one. */
export function architectureOf(sizes: Architecture): ArchitectureName | undefined {
  const names = Object.keys(architectures) as ArchitectureName[];
  return names.find((name) =>
    (["embedDim", "depth", "numHeads"] as const)
      .every((size) => architectures[name][size] === sizes[size])
  );
}

/**
 * The options of the released DINOv2 backbones. Their position tables are those of 518-pixel
 * images; those with registers interpolate them in the other of the two ways.
 *
 * @param name An architecture of the reference.
 * @param options Whether it is the variant with 4 registers. Default: without.
 */
export function releasedOptions(
  name: "vit_small" | "vit_base" | "vit_large" | "vit_giant2",
  options: { registers?: boolean } = {},
): VisionTransformerOptions {
  const { registers = false } = options;
  return {
    ...architectures[name],
    imgSize: 518,
    patchSize: 14,
    ffnLayer: name === "vit_giant2" ? "swiglu" : "mlp",
    initValues: 1,
    numRegisterTokens: registers ? 4 : 0,
    interpolateOffset: registers ? 0 : 0.1,
    interpolateAntialias: registers,
  };
}
