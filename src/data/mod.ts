/**
 * Images: where they come from, how they are decoded, loaded and augmented.
 *
 * @example Every image of a folder, a list, shards or parquet, in batches
 * ```ts
 * import { evaluationBatches, openImages } from "@deino/deino/data";
 *
 * const folder = await openImages("photos");
 * using loader = evaluationBatches(folder, { batchSize: 32 });
 * for await (const { images, indices } of loader) {
 *   console.log(folder.paths[indices[0]], images[0].width, images[0].height);
 * }
 * ```
 *
 * @module
 */

// Sources
export { openImages, openSources, type SourceOptions } from "./sources/open.ts";
export {
  type FolderTargets,
  type ImageFolder,
  type ImageGroups,
  locate,
  selectImages,
} from "./folder.ts";
export { scanImageFolder, type ScanOptions } from "./sources/folder.ts";
export { type PairedFolderOptions, scanPairedFolder } from "./paired_folder.ts";
export { type DatasetSplits, findSplits } from "./sources/splits.ts";
export { NO_LABEL } from "./sources/labels.ts";
export { describeLeftOut, type LeftOut, type LeftOutKind, nameSome } from "./sources/left_out.ts";
export { type ListingWatch } from "./sources/walk.ts";
export { clearCache } from "./sources/cache.ts";
export { type FilePart, readSample, type SampleLocator, type ZipMember } from "./sources/sample.ts";
export { type SampleTable } from "./sources/sample_table.ts";
export { type ParquetRow } from "./sources/parquet_rows.ts";
export { type ZipEntry } from "../files/zip/format.ts";
export {
  type DepthTargets,
  type LabelTargets,
  type TargetKind,
  type TargetValues,
} from "./target.ts";

// Decoding
export { type DecodedImage } from "./image.ts";
export { decodeImage, type DecodeOptions } from "./codec/decode.ts";
export { type ImageHeader, readImageHeader } from "./codec/image_header.ts";
export { type ImageFormat, isNpy } from "./codec/formats.ts";
export { DecodePool, type DecodePoolOptions } from "./decode_pool.ts";
export { type DecodeOutcome, type DecodeRequest, type ShrinkOutcome } from "./decode_worker.ts";
export { type BrokenFile, type SeenFiles } from "./broken_files.ts";

// Loading
export {
  evaluationBatches,
  type EvaluationLoaderOptions,
  type ImageBatch,
  ImageLoader,
  type LoaderOptions,
  trainingBatches,
  type TrainingLoaderOptions,
} from "./loader.ts";
export { batched } from "./batched.ts";
export { type Sampler, spreadEvenly } from "./sampler.ts";
export { type CropJob, type CropOutcome, type CropPlan } from "./crop_job.ts";
export { type Turn } from "./crop_order.ts";
export { Stream } from "../random/stream.ts";

// Augmentation
export {
  type Crops,
  type GivenCrops,
  multiCrop,
  type MultiCropOptions,
} from "./augment/multi_crop.ts";
export { type CropSeed, drawCrops, type DrawnCrop } from "./augment/draw_crops.ts";
export { type CropSettings, type ViewDraw } from "./augment/recipe.ts";
export { type CropBox } from "./augment/crop_box.ts";
export { trainTransform, type TrainTransformOptions } from "./augment/train_transform.ts";
export {
  type CropMode,
  cropModes,
  evalTransform,
  type EvalTransformOptions,
} from "./augment/eval_transform.ts";
export { type Interpolation, interpolations } from "./augment/resample.ts";
export {
  denormalizeImages,
  imagenetNormalization,
  type Normalization,
  normalizeImages,
} from "./augment/normalize.ts";

// What is in a data set
export { channelStatistics, type StatisticsOptions } from "./statistics.ts";
export { type DataReport, reportOn, type ReportOptions, type Spread } from "./report.ts";
export {
  type HashedImage,
  hashPixels,
  type InspectedImage,
  inspectFiles,
  type UnreadableImage,
} from "./inspect.ts";
export { describeShared, sharedImages } from "./shared_images.ts";
export { type ImageFilesOptions } from "./image_files.ts";
export { type ShardedImages, shardImages, type ShardOptions } from "./shard_images.ts";
