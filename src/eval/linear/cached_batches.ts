import { ShuffledSampler } from "../../data/sampler.ts";
import { type LabelledFeatures, selectImages } from "../../features/labelled_features.ts";

/**
 * Endless shuffled batches of features that are already there.
 *
 * @param train The features.
 * @param options Images in a batch, and the seed of the order.
 * @returns For each batch a function that gathers it.
 */
export function* cachedBatches(
  train: LabelledFeatures,
  { batchSize, seed }: { readonly batchSize: number; readonly seed: number },
): Generator<() => LabelledFeatures> {
  const sampler = new ShuffledSampler(train.labels.length, { seed });
  for (let place = 0;; place += batchSize) {
    const chosen = Uint32Array.from({ length: batchSize }, (_, i) => sampler.indexAt(place + i));
    yield () => selectImages(train, chosen);
  }
}
