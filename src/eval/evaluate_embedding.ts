import { evaluateKnn, type KnnAccuracy, type KnnEvaluationOptions } from "./evaluate_knn.ts";
import type { Embedding, EvaluationSet, FeatureOptions } from "./evaluation_set.ts";

/** What is evaluated on what. */
export interface EvaluationSets {
  /** The labelled images that vote. */
  readonly train: EvaluationSet;
  /** The images that are classified; see `alignClasses`. */
  readonly val: EvaluationSet;
}

/** Options of {@linkcode evaluateEmbedding}. */
export interface EmbeddingEvaluationOptions extends KnnEvaluationOptions {
  /** Where to compute. Default: the CPU. */
  device?: FeatureOptions["device"];
  /** Takes the number of images done so far of each set. Default: nobody. */
  onProgress?: (set: "train" | "val", done: number) => void;
}

/**
 * Evaluates features by weighted k-NN, from images to accuracies.
 *
 * @param sets The images.
 * @param embed What makes features of them: `backboneEmbedding`, `pixelEmbedding` or your own.
 * @param options Device, neighbours and progress.
 * @throws {Error} If images cannot be read, or an option makes no sense.
 */
export async function evaluateEmbedding(
  sets: EvaluationSets,
  embed: Embedding,
  options: EmbeddingEvaluationOptions = {},
): Promise<KnnAccuracy[]> {
  const { device, onProgress = () => {}, ...votes } = options;
  const features = (set: "train" | "val") =>
    sets[set].features(embed, { device, onProgress: (done) => onProgress(set, done) });
  const train = await features("train");
  try {
    const val = await features("val");
    try {
      return evaluateKnn(train, val, votes);
    } finally {
      val.features.dispose();
    }
  } finally {
    train.features.dispose();
  }
}
