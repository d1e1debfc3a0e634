/**
 * Features of images by a frozen network: in memory, in files, in a cache.
 *
 * @example Class tokens of a folder's images, with their labels
 * ```ts
 * import { loadBackbone } from "@deino/deino/backbone";
 * import { openImages } from "@deino/deino/data";
 * import { backboneEmbedding, EvaluationSet } from "@deino/deino/features";
 *
 * using images = new EvaluationSet(await openImages("photos"));
 * const { features, labels } = await images.features(backboneEmbedding(loadBackbone("runs/a")));
 * console.log(features.shape, labels.length); // [n, D] n
 * ```
 *
 * @module
 */

// Images and what is made of them
export {
  type AugmentedOptions,
  type EmbeddedBatch,
  type EmbeddedOptions,
  EvaluationSet,
  type EvaluationSetOptions,
  type FeatureOptions,
  type ImageView,
} from "./evaluation_set.ts";
export {
  backboneEmbedding,
  type Embedding,
  type EmbeddingIdentity,
  type FeatureKind,
  featureKinds,
  type FrozenBackbone,
  pixelEmbedding,
  tokenEmbedding,
} from "./embedding.ts";
export { type LabelledFeatures } from "./labelled_features.ts";
export { evaluateEmbedding } from "./evaluate_embedding.ts";

// Features that are kept
export { extractFeatures, type ExtractOptions } from "./extract_features.ts";
export {
  checkFeaturePath,
  type FeatureProgress,
  FeatureWriter,
  type FeatureWriterOptions,
  type WrittenFeatures,
} from "./files/feature_writer.ts";
export { cachedFeatures, type FeatureCacheOptions, type FeatureSource } from "./feature_cache.ts";
export { type FeatureKey, featureKey } from "./feature_key.ts";
