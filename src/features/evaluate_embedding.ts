import type { Embedding } from "./embedding.ts";
import type { FeatureOptions } from "./evaluation_set.ts";
import type { FeatureSource } from "./feature_cache.ts";
import type { LabelledFeatures } from "./labelled_features.ts";

/**
 * Computes features of sets of images and evaluates them.
 *
 * @param sets The images.
 * @param embed What makes features of them: `backboneEmbedding`, `pixelEmbedding` or your own.
 * @param evaluate What to do with the features of each set, which are freed afterwards.
 * @param options Where to compute; progress counts the images of all sets.
 * @returns What `evaluate` returns.
 * @throws {Error} If images cannot be read.
 */
export async function evaluateEmbedding<T>(
  sets: readonly FeatureSource[],
  embed: Embedding,
  evaluate: (features: readonly LabelledFeatures[]) => T | Promise<T>,
  options: FeatureOptions = {},
): Promise<T> {
  const { device, signal, onProgress = () => {} } = options;
  const computed: LabelledFeatures[] = [];
  let before = 0;
  try {
    for (const set of sets) {
      const onSetProgress = (done: number) => onProgress(before + done);
      computed.push(await set.features(embed, { device, signal, onProgress: onSetProgress }));
      before += set.folder.paths.length;
    }
    return await evaluate(computed);
  } finally {
    for (const { features } of computed) features.dispose();
  }
}
