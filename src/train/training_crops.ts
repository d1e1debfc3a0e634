import { effectiveBatch } from "../config/effective_batch.ts";
import { uploadCrops } from "../data/augment/multi_crop.ts";
import { byteNormalization, normalizationOf } from "../data/augment/normalize.ts";
import type { BrokenFile } from "../data/broken_files.ts";
import { CropLoader } from "../data/crop_loader.ts";
import { type ImageStream, streamedBatches } from "./image_stream.ts";
import { decodingOf } from "./training_data.ts";
import { trainingBatches } from "../data/loader.ts";
import { croppedNow, type CropSource } from "./make_batch.ts";
import type { Run } from "./run.ts";

/** What a step of a run learns from. */
interface TrainingCrops extends CropSource {
  /** The step. */
  readonly iteration: number;
  /** The place in the order behind its images. */
  readonly position: number;
}

/** The crops of a run, one batch after the other. */
interface TrainingCropSource extends Disposable {
  /** Files that were skipped so far. */
  readonly brokenFiles: readonly BrokenFile[];
  /** What is being waited for, if anything is: an image, and the worker that has it. */
  readonly awaited: string | undefined;
  /** Endless batches from where the run stands. */
  batches(): AsyncIterable<TrainingCrops>;
}

/**
 * Opens the crops of a run: of red, green and blue, workers make them ahead of use; of other channels, which have no native
 * code, and of images from a stream they are made by tensors when a step wants them.
 */
export function openTrainingCrops(run: Run): TrainingCropSource {
  if (run.stream !== undefined) return madeOfStream(run, run.stream);
  return run.config.data.channels === 3 ? madeByWorkers(run) : madeByTensors(run);
}

function common({ config, position, done, skipped, onEvent }: Run) {
  return {
    seed: config.train.seed,
    position,
    iteration: done,
    workers: config.train.num_workers || undefined,
    maxBrokenFraction: config.data.max_broken_fraction,
    brokenFiles: skipped,
    onNote: (text: string) => onEvent({ kind: "note", text }),
  };
}

function madeByWorkers(run: Run): TrainingCropSource {
  const { config, device } = run;
  const loader = new CropLoader(run.images, {
    ...common(run),
    decoding: decodingOf(config.data),
    settings: { crops: config.crops, augmentation: config.augmentation },
    normalization: byteNormalization(normalizationOf(config.data)),
    images: effectiveBatch(config),
    microBatches: config.train.accumulate,
  });
  return sourceOf(loader, ({ values, layout, indices }) => ({
    images: indices.length,
    cropsOf: (microBatch) => uploadCrops(values, layout, { microBatch, device }),
  }));
}

function madeByTensors(run: Run): TrainingCropSource {
  const { config, device } = run;
  const loader = trainingBatches(run.images, {
    ...common(run),
    batchSize: effectiveBatch(config),
    ...decodingOf(config.data),
  });
  return sourceOf(
    loader,
    ({ images, iteration }) => croppedNow(images, config, { iteration, device }),
  );
}

function madeOfStream(run: Run, stream: ImageStream): TrainingCropSource {
  const { config, device, done: iteration, position } = run;
  const batches = streamedBatches(stream, config, { iteration, position });
  return sourceOf(
    Object.assign(batches, { brokenFiles: [], awaited: "an image of your own", close() {} }),
    ({ images, iteration }) => croppedNow(images, config, { iteration, device }),
  );
}

/** What a loader brings, as crops. */
function sourceOf<B extends { readonly iteration: number; readonly position: number }>(
  loader:
    & AsyncIterable<B>
    & Pick<TrainingCropSource, "brokenFiles" | "awaited">
    & { close(): void },
  crops: (batch: B) => CropSource,
): TrainingCropSource {
  return {
    get brokenFiles() {
      return loader.brokenFiles;
    },
    get awaited() {
      return loader.awaited;
    },
    async *batches() {
      for await (const batch of loader) {
        yield { ...crops(batch), iteration: batch.iteration, position: batch.position };
      }
    },
    [Symbol.dispose]: () => loader.close(),
  };
}
