/**
 * Vision transformers: the reference's architectures, their blocks, and the features of their layers.
 *
 * @example Features of two images
 * ```ts
 * import { rand, scope } from "@deino/deino/tensor";
 * import { architectures, VisionTransformer } from "@deino/deino/vit";
 *
 * using model = new VisionTransformer({ ...architectures.vit_nano, patchSize: 8, imgSize: 32 });
 * scope(() => {
 *   const features = model.eval().forwardFeatures(rand([2, 3, 32, 32]));
 *   console.log(features.xNormClstoken.shape, features.xNormPatchtokens.shape);
 * });
 * ```
 *
 * @module
 */

// Networks
export {
  type Architecture,
  type ArchitectureName,
  architectures,
  releasedOptions,
} from "./architectures.ts";
export { type ResolvedVisionTransformerOptions, type VisionTransformerOptions } from "./options.ts";
export {
  type ClsAttentionOptions,
  type CostOptions,
  type ForwardFeaturesOptions,
  type IntermediateLayersOptions,
  type SquareCrops,
  VisionTransformer,
} from "./vision_transformer.ts";
export { type ClsAttention, type Features, type IntermediateLayer } from "./features.ts";
export { countParameters } from "./parameter_shapes.ts";
export { UnknownHeadsError } from "./infer_options.ts";

// Their parts
export { PatchEmbed, type PatchEmbedOptions, PatchProjection } from "./patch_embed.ts";
export { interpolatePositions, type PositionOptions } from "./position.ts";
export { Block, type BlockOptions, type FfnLayer } from "./block.ts";
export { Attention, type AttentionOptions } from "./attention.ts";
export { type KeptSequences, type PermutationSource } from "./drop_path.ts";
export { type CropGroup } from "./packing.ts";
