/**
 * Deino: self-supervised vision training for people who live in TypeScript.
 *
 * @example A gradient
 * ```ts
 * import { scope, tensor } from "./mod.ts";
 *
 * const gradient = scope(() => {
 *   const x = tensor([[1, 2], [3, 4]]);
 *   x.requiresGrad = true;
 *   x.matmul(x).sum().backward();
 *   return x.grad!.toList();
 * });
 * console.log(gradient); // [[7, 11], [9, 13]]
 * ```
 *
 * @module
 */

// Tensors
export { type NestedNumbers } from "./src/tensor/print.ts";
export { type DType, type TypedArray } from "./src/tensor/dtype.ts";
export {
  allowTF32,
  cudaDevices,
  type Device,
  deviceMemory,
  emptyCache,
  onDevice,
  resetPeakMemory,
  setThreads,
  synchronize,
  threads,
  useDeterministicAlgorithms,
} from "./src/tensor/device.ts";
export { type TensorBase } from "./src/tensor/base.ts";
export { type Arithmetic } from "./src/tensor/arithmetic.ts";
export {
  type AlongDim,
  type KeepDim,
  type Ordered,
  type Reductions,
} from "./src/tensor/reductions.ts";
export { type Shaping } from "./src/tensor/shaping.ts";
export { type InPlace, type RandomSource } from "./src/tensor/in_place.ts";
export { type Handle } from "./src/ffi/handle.ts";
export { Tensor } from "./src/tensor/tensor.ts";
export {
  arange,
  cat,
  type CreateOptions,
  empty,
  eye,
  full,
  linspace,
  ones,
  type RangeOptions,
  stack,
  tensor,
  type TensorData,
  where,
  zeros,
  zerosLike,
} from "./src/tensor/create.ts";
export {
  Generator,
  getRandomState,
  manualSeed,
  rand,
  randint,
  randn,
  type RandomOptions,
  randperm,
  setRandomState,
} from "./src/tensor/random.ts";
export { keep, liveTensors, Scope, scope } from "./src/tensor/scope.ts";
export { OutOfMemoryError } from "./src/ffi/errors.ts";

// Differentiation
export { autocast, type AutocastOptions } from "./src/autograd/autocast.ts";
export { grad, type GradOptions } from "./src/autograd/grad.ts";
export { enableGrad, isGradEnabled, noGrad } from "./src/autograd/mode.ts";

// Networks
export { Module, type ModuleToOptions } from "./src/nn/module.ts";
export { type Cost } from "./src/nn/cost.ts";
export { parameter } from "./src/nn/parameter.ts";
export { Linear, type LinearOptions } from "./src/nn/linear.ts";
export { LayerNorm } from "./src/nn/layer_norm.ts";
export { LayerScale } from "./src/nn/layer_scale.ts";
export { Mlp, type MlpOptions } from "./src/nn/mlp.ts";
export { BatchNorm } from "./src/nn/batch_norm.ts";
export { PointwiseConv, type PointwiseConvOptions } from "./src/nn/pointwise_conv.ts";
export { SwiGlu, type SwiGluOptions } from "./src/nn/swiglu.ts";

// Vision transformers
export {
  type Architecture,
  type ArchitectureName,
  architectures,
  releasedOptions,
} from "./src/vit/architectures.ts";
export {
  type ResolvedVisionTransformerOptions,
  type VisionTransformerOptions,
} from "./src/vit/options.ts";
export { type PositionOptions } from "./src/vit/position.ts";
export { PatchEmbed, type PatchEmbedOptions, PatchProjection } from "./src/vit/patch_embed.ts";
export { Attention, type AttentionOptions } from "./src/vit/attention.ts";
export { Block, type BlockOptions, type FfnLayer } from "./src/vit/block.ts";
export { type CropGroup } from "./src/vit/packing.ts";
export { type KeptSequences, type PermutationSource } from "./src/vit/drop_path.ts";
export { type ClsAttention, type Features, type IntermediateLayer } from "./src/vit/features.ts";
export { countParameters } from "./src/vit/parameter_shapes.ts";
export {
  type ClsAttentionOptions,
  type CostOptions,
  type ForwardFeaturesOptions,
  type IntermediateLayersOptions,
  type SquareCrops,
  VisionTransformer,
} from "./src/vit/vision_transformer.ts";

// The method
export { DinoHead, type DinoHeadOptions, Prototypes } from "./src/dino/head.ts";
export { Network, type NetworkOptions, networkOptions } from "./src/dino/network.ts";
export { globalCropsLoss, localCropsLoss } from "./src/dino/dino_loss.ts";
export { ibotLoss } from "./src/dino/ibot_loss.ts";
export { koleoLoss } from "./src/dino/koleo_loss.ts";
export { sinkhornKnopp } from "./src/dino/sinkhorn.ts";
export { SoftmaxCentering } from "./src/dino/softmax_centering.ts";
export { type LogitParts, type TargetMaker } from "./src/dino/target_maker.ts";
export { everyPatch, type MaskBatch, maskBatch } from "./src/dino/mask_batch.ts";
export {
  type MaskOptions,
  type MaskStream,
  type SampledMasks,
  sampleMasks,
} from "./src/random/masking.ts";

// Optimisation
export { AdamW, type AdamWOptions, type AdamWStep } from "./src/optim/adamw.ts";
export { clipGradNorm } from "./src/optim/clip_grad_norm.ts";
export { lbfgs, type LbfgsOptions, type LbfgsResult, type Objective } from "./src/optim/lbfgs.ts";
export { Sgd, type SgdOptions, type SgdParameter } from "./src/optim/sgd.ts";
export { GradScaler } from "./src/optim/grad_scaler.ts";
export { packHandles } from "./src/optim/packed.ts";
export {
  type GroupOptions,
  type ParameterGroup,
  parameterGroups,
} from "./src/optim/param_groups.ts";
export {
  cosine,
  type CosineOptions,
  linear,
  type Schedule,
  type ScheduledValues,
  schedulesOf,
  totalIterations,
} from "./src/optim/schedules.ts";

// Images
export { Stream } from "./src/random/stream.ts";
export { type DecodedImage } from "./src/data/image.ts";
export { decodeImage, type DecodeOptions } from "./src/data/codec/decode.ts";
export {
  type FolderTargets,
  type ImageFolder,
  type ImageGroups,
  selectImages,
} from "./src/data/folder.ts";
export { type DatasetSplits, findSplits } from "./src/data/sources/splits.ts";
export { scanImageFolder, type ScanOptions } from "./src/data/sources/folder.ts";
export { NO_LABEL } from "./src/data/sources/labels.ts";
export { type LeftOut, type LeftOutKind } from "./src/data/sources/left_out.ts";
export { openImages, openSources, type SourceOptions } from "./src/data/sources/open.ts";
export type { ListingWatch } from "./src/data/sources/walk.ts";
export { type MixtureEntry } from "./src/config/mixture_entry.ts";
export { type FilePart, type SampleLocator, type ZipMember } from "./src/data/sources/sample.ts";
export { type ZipEntry } from "./src/files/zip/format.ts";
export { type ParquetRow } from "./src/data/sources/parquet_rows.ts";
export { type DataReport, reportOn, type ReportOptions, type Spread } from "./src/data/report.ts";
export { type ShardedImages, shardImages, type ShardOptions } from "./src/data/shard_images.ts";
export { type PairedFolderOptions, scanPairedFolder } from "./src/data/paired_folder.ts";
export {
  type DepthTargets,
  type LabelTargets,
  type TargetKind,
  type TargetValues,
} from "./src/data/target.ts";
export { type BrokenFile, type SeenFiles } from "./src/data/broken_files.ts";
export { DecodePool, type DecodePoolOptions } from "./src/data/decode_pool.ts";
export { type CropJob, type CropOutcome, type CropPlan } from "./src/data/crop_job.ts";
export { type Turn } from "./src/data/crop_order.ts";
export { type DecodeOutcome, type DecodeRequest } from "./src/data/decode_worker.ts";
export {
  evaluationBatches,
  type EvaluationLoaderOptions,
  type ImageBatch,
  ImageLoader,
  type LoaderOptions,
  trainingBatches,
  type TrainingLoaderOptions,
} from "./src/data/loader.ts";
export { type Crops, multiCrop, type MultiCropOptions } from "./src/data/augment/multi_crop.ts";
export { type CropSettings } from "./src/data/augment/recipe.ts";
export {
  type CropMode,
  cropModes,
  evalTransform,
  type EvalTransformOptions,
} from "./src/data/augment/eval_transform.ts";
export { type Interpolation, interpolations } from "./src/data/augment/resample.ts";
export {
  denormalizeImages,
  imagenetNormalization,
  type Normalization,
  normalizeImages,
} from "./src/data/augment/normalize.ts";
export { channelStatistics, type StatisticsOptions } from "./src/data/statistics.ts";

// Configuration
export {
  type Config,
  schema,
  type Section,
  type Settings,
  type ValueOf,
} from "./src/config/schema.ts";
export { type Key, type Range } from "./src/config/key.ts";
export { resolveConfig } from "./src/config/resolve.ts";
export { type Preset } from "./src/config/preset.ts";
export { findPreset, type PresetName, presets } from "./src/config/presets.ts";
export { type LoadedSettings, loadSettings } from "./src/config/load.ts";

// Training
export { Learner, type LearnerOptions } from "./src/train/learner.ts";
export { loadInitialWeights } from "./src/train/initial_weights.ts";
export { loadFrozenTeacher } from "./src/train/frozen_teacher.ts";
export { type TrainingBatch } from "./src/train/training_batch.ts";
export { type StepResult, trainStep } from "./src/train/step.ts";
export { diagnose, type StepOutputs } from "./src/train/diagnostics.ts";
export { type Condition } from "./src/train/condition.ts";
export { checkHealth, type RunHealth } from "./src/train/run_health.ts";
export { type LikelyCause } from "./src/train/likely_cause.ts";
export { train, type TrainOptions, type TrainResult } from "./src/train/loop.ts";
export { type Progress, type TrainEvent } from "./src/train/events.ts";
export { type MetricsLine } from "./src/train/metrics.ts";
export { type Evaluation } from "./src/train/evaluation.ts";
export { type Plan, type PlannedValues, planRun } from "./src/train/plan.ts";
export { measureRun, type RunFlops, type RunSizes } from "./src/train/run_sizes.ts";
export { type MemoryEstimate } from "./src/train/memory_estimate.ts";
export { type StepFlops } from "./src/train/step_flops.ts";

// Evaluation
export { type Backbone, type BackboneOptions, loadBackbone } from "./src/backbone/backbone.ts";
export { describePreprocessing, type Preprocessing, viewOf } from "./src/backbone/preprocessing.ts";
export {
  exportBackbone,
  type ExportDifference,
  type ExportResult,
} from "./src/backbone/export/export_backbone.ts";
export {
  type AugmentedOptions,
  type EmbeddedBatch,
  type EmbeddedOptions,
  EvaluationSet,
  type EvaluationSetOptions,
  type FeatureOptions,
  type ImageView,
} from "./src/features/evaluation_set.ts";
export {
  backboneEmbedding,
  type Embedding,
  type EmbeddingIdentity,
  type FeatureKind,
  featureKinds,
  type FrozenBackbone,
  pixelEmbedding,
  tokenEmbedding,
} from "./src/features/embedding.ts";
export {
  type FeatureProgress,
  FeatureWriter,
  type FeatureWriterOptions,
  type WrittenFeatures,
} from "./src/features/files/feature_writer.ts";
export { extractFeatures, type ExtractOptions } from "./src/features/extract_features.ts";
export { type FeatureKey, featureKey } from "./src/features/feature_key.ts";
export {
  cachedFeatures,
  type FeatureCacheOptions,
  type FeatureSource,
} from "./src/features/feature_cache.ts";
export { type LabelledFeatures } from "./src/features/labelled_features.ts";
export { evaluateEmbedding } from "./src/features/evaluate_embedding.ts";
export { knn, type KnnCounts, type KnnOptions } from "./src/eval/knn.ts";
export {
  evaluateKnn,
  type KnnAccuracy,
  type KnnEvaluationOptions,
} from "./src/eval/evaluate_knn.ts";
export { type LogisticFit, LogisticRegression } from "./src/eval/logistic_regression.ts";
export {
  cPowers,
  evaluateLogreg,
  type LogregAccuracy,
  type LogregOptions,
} from "./src/eval/evaluate_logreg.ts";
export {
  evaluateFewShot,
  type FewShotAccuracy,
  type FewShotOptions,
  type TriedAccuracy,
} from "./src/eval/evaluate_few_shot.ts";
export { type FewShotClassifier, fewShotClassifiers } from "./src/eval/evaluate_few_shot.ts";
export { averagePrecisions, type RetrievalOptions } from "./src/eval/retrieval.ts";
export { evaluateRetrieval, type RetrievalResult } from "./src/eval/evaluate_retrieval.ts";
export { type LinearInput } from "./src/eval/linear/linear_protocol.ts";
export { linearEmbedding } from "./src/eval/linear/linear_embedding.ts";
export { cachedBatches } from "./src/eval/linear/cached_batches.ts";
export { LinearGrid, type LinearGridOptions } from "./src/eval/linear/linear_grid.ts";
export {
  evaluateLinear,
  type LinearEvaluationOptions,
  type LinearResult,
  type LinearTask,
  type NamedAccuracy,
} from "./src/eval/linear/evaluate_linear.ts";
export { writeHead } from "./src/eval/head_file.ts";
export { countCorrect, type LinearClassifier } from "./src/eval/linear_classifier.ts";
export { type Accuracy, type TopAccuracy } from "./src/eval/accuracy.ts";
export { type TopCounts } from "./src/eval/top_counts.ts";
export { depthBlocks } from "./src/eval/dense/dense_features.ts";
export { type FitOptions, type Fitted } from "./src/eval/dense/fit_head.ts";
export {
  type DenseEvaluation,
  type DenseEvaluationOptions,
} from "./src/eval/dense/dense_evaluation.ts";
export {
  type SegmentationProtocol,
  segmentationProtocol,
  type SegmentationProtocolOptions,
} from "./src/eval/dense/segmentation_protocol.ts";
export { SegmentationHead } from "./src/eval/dense/segmentation_head.ts";
export { segmentationLoss } from "./src/eval/dense/segmentation_loss.ts";
export { trainSegmentation } from "./src/eval/dense/train_segmentation.ts";
export { segment, type Segmenter } from "./src/eval/dense/segment.ts";
export { evaluateSegmentation } from "./src/eval/dense/evaluate_segmentation.ts";
export { type SegmentationScores } from "./src/eval/dense/segmentation_scores.ts";
export {
  type DepthDataset,
  depthDatasets,
  type DepthProtocol,
  depthProtocol,
  type DepthProtocolOptions,
  type ImageSize,
} from "./src/eval/dense/depth_protocol.ts";
export { DepthHead, type DepthRange } from "./src/eval/dense/depth_head.ts";
export {
  depthLoss,
  type DepthLossOptions,
  gradientLoss,
  scaleInvariantLoss,
} from "./src/eval/dense/depth_loss.ts";
export { trainDepth } from "./src/eval/dense/train_depth.ts";
export { type DepthEstimator, estimateDepth } from "./src/eval/dense/estimate_depth.ts";
export { evaluateDepth } from "./src/eval/dense/evaluate_depth.ts";
export {
  type DepthMetric,
  depthMetrics,
  type DepthScore,
  type DepthScores,
} from "./src/eval/dense/depth_scores.ts";
export { type CropBox } from "./src/data/augment/crop_box.ts";

// Pictures
export {
  type ImageSample,
  type NamedImage,
  readImages,
  spreadOver,
} from "./src/visualize/image_sample.ts";
export { patchGrid, type PatchView, patchView } from "./src/visualize/patch_view.ts";
export { type PatchViewOptions } from "./src/visualize/patch_view.ts";
export {
  type PrincipalComponents,
  principalComponents,
  project,
} from "./src/visualize/principal_components.ts";
export { foregroundMasks, type ForegroundOptions } from "./src/visualize/foreground.ts";
export { type ForegroundRule, foregroundRules } from "./src/visualize/foreground.ts";
export { type PcaColors, pcaColors } from "./src/visualize/pca_colors.ts";
export { type PcaPictureOptions, pcaPictures } from "./src/visualize/pca.ts";
export { type AttentionPictureOptions, attentionPictures } from "./src/visualize/attention.ts";
export { patchAt, type PatchPlace, similarityMaps } from "./src/visualize/similarity_maps.ts";
export { type SimilarityPictures, similarityPictures } from "./src/visualize/similarity.ts";
export {
  nearestNeighbours,
  type Neighbour,
  type NeighbourOptions,
} from "./src/visualize/nearest_neighbours.ts";
export {
  type NearestImages,
  type NeighbourSheet,
  neighbourSheet,
  type NeighbourSheetOptions,
} from "./src/visualize/neighbours.ts";
export { cropSheet, firstBatch } from "./src/visualize/crops.ts";
export { colorize } from "./src/visualize/color_map.ts";
export { type HeatMap, heatMap } from "./src/visualize/heat_map.ts";
export { sheet } from "./src/visualize/sheet.ts";
export { encodePng, type NamedPicture, writePictures } from "./src/visualize/png.ts";

// Files
export {
  readSafetensors,
  type SafetensorsContent,
  writeSafetensors,
} from "./src/checkpoint/safetensors.ts";
export { openTensorFile } from "./src/checkpoint/open_tensor_file.ts";
export type { TensorFacts } from "./src/checkpoint/tensor_facts.ts";
export type { TensorFile } from "./src/checkpoint/tensor_file.ts";
export { writeTorch } from "./src/checkpoint/torch/write_torch.ts";
export { writeNpy } from "./src/checkpoint/npy.ts";
export { type WeightsOptions } from "./src/backbone/recognise/backbone_file.ts";
export { type PositionRule, positionRules } from "./src/backbone/recognise/known_options.ts";
export { type ExportFormat, exportFormats } from "./src/backbone/export/formats.ts";
