import { join, resolve } from "@std/path";
import { effectiveBatch } from "../config/effective_batch.ts";
import type { Config } from "../config/schema.ts";
import { alignClasses, checkClasses, unlabelled } from "../eval/classes.ts";
import type { DecodeOptions } from "../data/codec/decode.ts";
import { decodedBytes } from "../data/decoded_bytes.ts";
import type { ImageFolder } from "../data/folder.ts";
import type { ImageSizes } from "./memory_estimate.ts";
import { describeLeftOut } from "../data/sources/left_out.ts";
import { openImages, openSources } from "../data/sources/open.ts";
import type { ListingWatch } from "../data/sources/walk.ts";
import { counted } from "../files/quoted.ts";
import { STREAMED } from "./image_stream.ts";

/** Where the built-in dataset is made, beside the runs. */
const BUILTIN = "runs/builtin_dataset";

/** Images that features are evaluated on. */
export interface LabelledImages {
  /** Images whose classes are known. */
  readonly train: ImageFolder;
  /** Images to classify; their classes are numbered alike. */
  readonly val: ImageFolder;
}

/** The images of a run. */
export interface TrainingData {
  /** What is trained on. */
  readonly images: ImageFolder;
  /** What is evaluated, where there are labels. */
  readonly labelled?: LabelledImages;
}

/** Options of {@linkcode openTrainingData}. */
interface TrainingDataOptions extends ListingWatch {
  /** Takes what the user should know. */
  readonly onNote: (text: string) => void;
  /** Whether images of one's own take the place of those that the configuration names. */
  readonly isStreamed: boolean;
  /** What {@linkcode openTrainingImages} found, if it was asked. Default: sources are listed. */
  readonly listed?: ImageFolder;
}

/**
 * Finds the images that a configuration names, and makes the built-in dataset where it names none.
 *
 * @throws {Error} If a folder cannot be read or holds no images.
 * @throws {RangeError} If there are too few images for a batch.
 */
export async function openTrainingData(
  config: Config,
  { isStreamed, listed, ...watch }: TrainingDataOptions,
): Promise<TrainingData> {
  const { onNote } = watch;
  const { evaluation, data: { channels } } = config;
  const isBuiltin = !isStreamed && isBuiltinData(config);
  const builtin = resolve(BUILTIN);
  if (isBuiltin) await makeBuiltin(builtin, onNote);
  const scan = (source: string) => openImages(source, { channels, ...watch });
  const find = () =>
    isBuiltin ? scan(join(builtin, "train")) : listed ?? openTrainingImages(config, watch);
  const images = isStreamed ? STREAMED : await find();
  if (!isStreamed) checkImages(images, config, onNote);
  const valPath = evaluation.val_dataset_path || (isBuiltin ? join(builtin, "val") : "");
  if (valPath === "" || evaluation.eval_period_iterations === 0) return { images };
  const known = evaluation.train_dataset_path === ""
    ? images
    : await scan(evaluation.train_dataset_path);
  const val = await scan(valPath);
  try {
    const labelled = { train: checkClasses(known), val: alignClasses(known, val) };
    for (const group of [...unlabelled(known, labelled.train), ...unlabelled(val, labelled.val)]) {
      onNote(`Evaluation during training: ${describeLeftOut(group)}`);
    }
    return { images, labelled };
  } catch (error) {
    onNote(`No evaluation during training: ${(error as Error).message}`);
    return { images };
  }
}

/** Tells what the user should know of images. */
function checkImages(
  images: ImageFolder,
  config: Config,
  onNote: TrainingDataOptions["onNote"],
): void {
  const order = describeOrder(images);
  if (order !== undefined) onNote(order);
  for (const group of images.leftOut ?? []) {
    if (group.kind !== "expected") onNote(describeLeftOut(group));
  }
  const found = images.paths.length, batch = effectiveBatch(config), { accumulate } = config.train;
  if (found >= batch) return;
  const largest = Math.max(1, Math.floor(found / accumulate));
  throw new RangeError(
    `Cannot make batches of ${batch} from ${
      counted(found, "image")
    }: set train.batch_size_per_gpu=${largest} or less` +
      (accumulate > 1 ? ", or lower train.accumulate" : ""),
  );
}

/** The images of a run, as far as memory depends on them. */
export async function sizesOf(
  { images, labelled }: TrainingData,
  { data }: Pick<Config, "data">,
): Promise<ImageSizes> {
  const sets = labelled === undefined ? [] : [labelled.train, labelled.val];
  return {
    decoded: await decodedBytes(images, data.channels),
    evaluated: sets.map(({ paths }) => paths.length),
  };
}

/**
 * The same of images that a run would open, without making any.
 *
 * @param config The run.
 * @param listed What {@linkcode openTrainingImages} found for it, if it was asked. Default: sources are listed.
 * @throws {Error} If the run could not open them.
 */
export async function foreseenSizes(config: Config, listed?: ImageFolder): Promise<ImageSizes> {
  if (!isBuiltinData(config)) {
    const watch = { onNote: () => {}, isStreamed: false, listed };
    return await sizesOf(await openTrainingData(config, watch), config);
  }
  const { BUILTIN_SIZES: { classes, train, val, size } } = await import(
    "../data/builtin/builtin.ts"
  );
  const isEvaluated = config.evaluation.eval_period_iterations > 0;
  return {
    decoded: classes * train * 3 * size ** 2,
    evaluated: isEvaluated ? [classes * train, classes * val] : [],
  };
}

/** Whether a configuration names no images, so that the built-in dataset is meant. */
export function isBuiltinData({ train, data }: Config): boolean {
  return train.dataset_path === "" && data.sources.length === 0;
}

/**
 * The images that a configuration names for training.
 *
 * @throws {Error} If they cannot be read, or there are none.
 */
export async function openTrainingImages(
  { train, data }: Config,
  watch: ListingWatch = {},
): Promise<ImageFolder> {
  const { channels, sources } = data;
  const asked = sources.length > 0 ? sources : [train.dataset_path];
  return await openSources(asked, { channels, ...watch });
}

/** In which order images are read, and why; nothing to tell of plain files. */
function describeOrder({ paths, samples, weights, groups }: ImageFolder): string | undefined {
  if (weights !== undefined) {
    return "Images are sampled with replacement, by the weights of their sources";
  }
  if (samples === undefined) return undefined;
  if (groups === undefined || groups.together >= groups.starts.length) {
    return `Each epoch reads all ${paths.length} images once, in random order`;
  }
  const { starts, together } = groups;
  return `Each epoch reads all ${paths.length} images once, shuffled within ${together} of ${starts.length} ` +
    "row groups at a time, since parquet is decompressed by whole row groups";
}

async function makeBuiltin(folder: string, onNote: (text: string) => void): Promise<void> {
  let isNew = false;
  const onProgress = () => {
    if (!isNew) onNote(`Making the built-in dataset in ${folder}`);
    isNew = true;
  };
  const { makeBuiltinDataset } = await import("../data/builtin/builtin.ts");
  try {
    await makeBuiltinDataset(folder, { onProgress });
  } catch (cause) {
    const { message } = cause as Error;
    throw new Error(`${message}. Pass images of your own with --data DIR`, { cause });
  }
}

/** How the images of a run are decoded. */
export function decodingOf(
  { channels, exif, max_pixels: maxPixels }: Config["data"],
): DecodeOptions {
  return { channels, exif, maxPixels };
}
