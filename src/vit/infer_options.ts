import { swiGluHidden } from "../nn/swiglu.ts";
import { architectures } from "./architectures.ts";
import type { VisionTransformerOptions } from "./options.ts";

/** The shape of each weight, under the reference's names. */
type WeightShapes = Readonly<Record<string, readonly number[]>>;

/** Options that weights do not determine. */
export type NonInferableOptions = Pick<
  VisionTransformerOptions,
  "numHeads" | "interpolateOffset" | "interpolateAntialias"
>;

const BLOCK = /^blocks\.(\d+)\./;
const RELEASED_MLP_RATIO = 4;

/**
 * Recognises a vision transformer by the shapes of its weights: the inverse of `parameterShapes`.
 *
 * Weights determine neither the number of heads nor how the position table is interpolated. Unless known otherwise, the former
 * is that of the architecture of this width and depth, the latter follows the released models: antialiased and without
 * offset where there are registers.
 *
 * @param shapes The shape of each weight.
 * @param known What is known from elsewhere, such as the configuration of a run.
 * @throws {Error} If essential weights are missing, or the number of heads cannot be inferred.
 */
export function inferOptions(
  shapes: WeightShapes,
  known: NonInferableOptions = {},
): VisionTransformerOptions {
  const [, , embedDim] = shapeOf(shapes, "cls_token", 3);
  const [, entries] = shapeOf(shapes, "pos_embed", 3);
  const side = Math.sqrt(entries - 1);
  if (!Number.isInteger(side) || side === 0) {
    throw new Error(
      `Cannot recognise a vision transformer by its weights: pos_embed has ${entries} entries, ` +
        "not one for the class token and a square number of patches",
    );
  }
  const [, inChans, patchSize] = shapeOf(shapes, "patch_embed.proj.weight", 4);
  const blocks = new Set(Object.keys(shapes).map((name) => BLOCK.exec(name)?.[1]));
  blocks.delete(undefined);
  const hasRegisters = "register_tokens" in shapes;
  const numRegisterTokens = hasRegisters ? shapeOf(shapes, "register_tokens", 3)[1] : 0;
  return {
    imgSize: side * patchSize,
    patchSize,
    inChans,
    embedDim,
    depth: blocks.size,
    numHeads: known.numHeads ?? headsOf(embedDim, blocks.size),
    ...feedForward(shapes, embedDim),
    initValues: "blocks.0.ls1.gamma" in shapes ? 1 : 0,
    numRegisterTokens,
    interpolateOffset: known.interpolateOffset ?? (numRegisterTokens > 0 ? 0 : 0.1),
    interpolateAntialias: known.interpolateAntialias ?? numRegisterTokens > 0,
  };
}

function shapeOf(shapes: WeightShapes, name: string, dims: number): readonly number[] {
  const shape = shapes[name];
  if (shape?.length === dims && !shape.includes(0)) return shape;
  const found = shape === undefined ? "is missing" : `has the shape [${shape.join(", ")}]`;
  throw new Error(`Cannot recognise a vision transformer by its weights: ${name} ${found}`);
}

function headsOf(embedDim: number, depth: number): number {
  const known = Object.values(architectures)
    .find((each) => each.embedDim === embedDim && each.depth === depth);
  if (known !== undefined) return known.numHeads;
  throw new UnknownHeadsError(
    `Cannot infer the number of attention heads from weights of width ${embedDim} and ${depth} blocks, ` +
      "which match no known architecture: use weights with their configuration, such as a run folder",
  );
}

/** Thrown for weights that could be of networks with different numbers of attention heads. */
export class UnknownHeadsError extends Error {
  /** The name of the class. */
  override readonly name = "UnknownHeadsError";
}

function feedForward(
  shapes: WeightShapes,
  embedDim: number,
): Pick<VisionTransformerOptions, "ffnLayer" | "mlpRatio"> {
  if ("blocks.0.mlp.fc1.weight" in shapes) {
    const [width] = shapeOf(shapes, "blocks.0.mlp.fc1.weight", 2);
    return { ffnLayer: "mlp", mlpRatio: width / embedDim };
  }
  const hidden = shapeOf(shapes, "blocks.0.mlp.w12.weight", 2)[0] / 2;
  const isReleased = swiGluHidden(RELEASED_MLP_RATIO * embedDim) === hidden;
  const mlpRatio = isReleased ? RELEASED_MLP_RATIO : 1.5 * hidden / embedDim;
  return { ffnLayer: "swiglu", mlpRatio };
}
