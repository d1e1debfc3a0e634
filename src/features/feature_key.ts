import { hashFile } from "../files/hash_file.ts";
import { fingerprint } from "../data/fingerprint.ts";
import type { Backbone } from "../backbone/backbone.ts";
import type { EvaluationSet } from "./evaluation_set.ts";

/** Everything that features depend on, but for rounding: where two keys are equal, so are the features. */
export type FeatureKey = Readonly<Record<string, unknown>>;

/**
 * The key of features by a backbone.
 *
 * @param backbone The backbone; its file is read for its hash.
 * @param images The images and how they are seen.
 * @param kind What is made of the backbone's outputs.
 * @throws {Error} If the backbone's file is gone.
 */
export function featureKey(
  { model, path, normalization }: Pick<Backbone, "model" | "path" | "normalization">,
  images: Pick<EvaluationSet, "folder" | "seen">,
  kind: string,
): FeatureKey {
  return {
    kind,
    image_size: images.seen.imageSize,
    resize: images.seen.resize,
    weights_sha256: hashFile(path),
    backbone: model.options,
    normalization,
    images_sha256: fingerprint(images.folder),
  };
}
