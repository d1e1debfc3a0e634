import { decoderVersion } from "../data/codec/decoder_version.ts";
import { fingerprint } from "../data/fingerprint.ts";
import { filesOf } from "../checkpoint/sharded_file.ts";
import { hashFile } from "../files/hash_file.ts";
import type { Embedding } from "./embedding.ts";
import type { EvaluationSet } from "./evaluation_set.ts";

/** Everything that features depend on, but for rounding: where two keys are equal, so are the features. */
export type FeatureKey = Readonly<Record<string, unknown>>;

/**
 * The key of an embedding's features of images. What says how images are prepared enters as a whole, so that no part of it
 * can be forgotten here.
 *
 * @param embed The embedding; the file of its weights is read for its hash.
 * @param images The images and how they are seen.
 * @returns The key, or undefined where the embedding has no identity or its backbone no file.
 * @throws {Error} If the backbone's file is gone.
 */
export function featureKey(
  { identity }: Embedding,
  { seen, folder }: Pick<EvaluationSet, "folder" | "seen">,
): FeatureKey | undefined {
  if (identity?.backbone.path === undefined) return undefined;
  const { kind, layers, isNormalized, backbone: { model, normalization, path } } = identity;
  const { imageSize: image_size, ...view } = seen;
  return {
    kind,
    layers,
    normalized: isNormalized,
    weights_sha256: filesOf(path).map(hashFile).join(" "),
    backbone: model.options,
    preprocessing: { image_size, ...view, ...normalization },
    decoder: decoderVersion(),
    images_sha256: fingerprint(folder),
  };
}
