/**
 * Evaluations of frozen features, by the reference's protocols where it has them.
 *
 * @example k-NN on four features of two classes
 * ```ts
 * import { evaluateKnn } from "@deino/deino/eval";
 * import { scope, tensor } from "@deino/deino/tensor";
 *
 * scope(() => {
 *   const features = tensor([[1, 0], [0.8, 0.6], [0, 1], [0.6, 0.8]]);
 *   const set = { features, labels: Uint32Array.of(0, 0, 1, 1) };
 *   console.log(evaluateKnn(set, set, { nbKnn: [1] }).map(({ k, top1 }) => [k, top1]));
 * });
 * ```
 *
 * @module
 */

// Classes of images
export { knn, type KnnCounts, type KnnOptions } from "./knn.ts";
export {
  evaluateKnn,
  type KnnAccuracy,
  type KnnEvaluationOptions,
  nameKnnAccuracies,
} from "./evaluate_knn.ts";
export { type LogisticFit, LogisticRegression } from "./logistic_regression.ts";
export {
  cPowers,
  evaluateLogreg,
  type LogregAccuracy,
  type LogregOptions,
} from "./evaluate_logreg.ts";
export {
  evaluateFewShot,
  type FewShotAccuracy,
  type FewShotClassifier,
  fewShotClassifiers,
  type FewShotOptions,
  type NamedFewShotAccuracies,
  nameFewShotAccuracies,
  type TriedAccuracy,
} from "./evaluate_few_shot.ts";
export { averagePrecisions, type RetrievalOptions } from "./retrieval.ts";
export { evaluateRetrieval, type RetrievalResult } from "./evaluate_retrieval.ts";
export { alignClasses, checkClasses, unlabelled } from "./classes.ts";
export {
  type Accuracy,
  nameAccuracies,
  type NamedAccuracies,
  nameTopAccuracy,
  type TopAccuracy,
  type TopNames,
} from "./accuracy.ts";
export { type TopCounts } from "./top_counts.ts";

// Linear probes
export {
  evaluateLinear,
  type LinearEvaluationOptions,
  type LinearResult,
  type LinearTask,
  type NamedAccuracy,
} from "./linear/evaluate_linear.ts";
export { LinearGrid, type LinearGridOptions } from "./linear/linear_grid.ts";
export { type LinearInput } from "./linear/linear_protocol.ts";
export { linearEmbedding } from "./linear/linear_embedding.ts";
export { cachedBatches } from "./linear/cached_batches.ts";
export { countCorrect, type LinearClassifier } from "./linear_classifier.ts";
export { checkHeadPath, writeHead } from "./head_file.ts";

// Dense prediction
export { type DenseEvaluation, type DenseEvaluationOptions } from "./dense/dense_evaluation.ts";
export { type FitOptions, type Fitted } from "./dense/fit_head.ts";
export {
  type SegmentationProtocol,
  segmentationProtocol,
  type SegmentationProtocolOptions,
} from "./dense/segmentation_protocol.ts";
export { SegmentationHead } from "./dense/segmentation_head.ts";
export { segmentationLoss } from "./dense/segmentation_loss.ts";
export { trainSegmentation } from "./dense/train_segmentation.ts";
export { segment, type Segmenter } from "./dense/segment.ts";
export { evaluateSegmentation } from "./dense/evaluate_segmentation.ts";
export { type SegmentationScores } from "./dense/segmentation_scores.ts";
export {
  type DepthDataset,
  depthDatasets,
  type DepthProtocol,
  depthProtocol,
  type DepthProtocolOptions,
  type ImageSize,
} from "./dense/depth_protocol.ts";
export { DepthHead, type DepthRange } from "./dense/depth_head.ts";
export {
  depthLoss,
  type DepthLossOptions,
  gradientLoss,
  scaleInvariantLoss,
} from "./dense/depth_loss.ts";
export { depthBlocks } from "./dense/dense_features.ts";
export { trainDepth } from "./dense/train_depth.ts";
export { type DepthEstimator, estimateDepth } from "./dense/estimate_depth.ts";
export { evaluateDepth } from "./dense/evaluate_depth.ts";
export {
  type DepthMetric,
  depthMetrics,
  type DepthScore,
  type DepthScores,
} from "./dense/depth_scores.ts";
