import { swiGluHidden } from "../nn/swiglu.ts";
import { resolveOptions, type VisionTransformerOptions } from "./options.ts";

/**
 * The names and shapes of a vision transformer's parameters, in checkpoint order, without building
 * it.
 *
 * @param options The model's options.
 * @returns Shapes by checkpoint name.
 * @throws {RangeError} If no model has these options.
 */
export function parameterShapes(options: VisionTransformerOptions): Record<string, number[]> {
  const { imgSize, patchSize, inChans, embedDim, depth, numRegisterTokens } = resolveOptions(
    options,
  );
  const block = Object.entries(blockShapes(options));
  return {
    cls_token: [1, 1, embedDim],
    pos_embed: [1, 1 + (imgSize / patchSize) ** 2, embedDim],
    ...(numRegisterTokens > 0 && { register_tokens: [1, numRegisterTokens, embedDim] }),
    mask_token: [1, embedDim],
    "patch_embed.proj.weight": [embedDim, inChans, patchSize, patchSize],
    "patch_embed.proj.bias": [embedDim],
    ...Object.fromEntries(
      Array.from(
        { length: depth },
        (_, i) => block.map(([key, shape]) => [`blocks.${i}.${key}`, shape]),
      )
        .flat(),
    ),
    ...pair("norm", [embedDim]),
  };
}

/** The number of values in all parameters. */
export function countParameters(options: VisionTransformerOptions): number {
  return Object.values(parameterShapes(options))
    .reduce((sum, shape) => sum + shape.reduce((product, size) => product * size), 0);
}

function blockShapes(options: VisionTransformerOptions): Record<string, number[]> {
  const { embedDim: width, mlpRatio, ffnLayer, initValues } = resolveOptions(options);
  const hidden = Math.trunc(width * mlpRatio);
  const gated = swiGluHidden(hidden);
  return {
    ...pair("norm1", [width]),
    ...pair("attn.qkv", [3 * width, width]),
    ...pair("attn.proj", [width, width]),
    ...(initValues !== 0 && { "ls1.gamma": [width] }),
    ...pair("norm2", [width]),
    ...(ffnLayer === "mlp"
      ? { ...pair("mlp.fc1", [hidden, width]), ...pair("mlp.fc2", [width, hidden]) }
      : { ...pair("mlp.w12", [2 * gated, width]), ...pair("mlp.w3", [width, gated]) }),
    ...(initValues !== 0 && { "ls2.gamma": [width] }),
  };
}

/** A weight and the bias of its outputs. */
function pair(name: string, weight: number[]): Record<string, number[]> {
  return { [`${name}.weight`]: weight, [`${name}.bias`]: [weight[0]] };
}
