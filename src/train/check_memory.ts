import { effectiveBatch } from "../config/effective_batch.ts";
import type { Config } from "../config/schema.ts";
import type { Device } from "../tensor/device.ts";
import type { AvailableMemory } from "../tensor/host_memory.ts";
import { type ArchitectureName, architectures } from "../vit/architectures.ts";
import { gigabytes, type ImageSizes } from "./memory_estimate.ts";
import { measureMemory } from "./run_sizes.ts";

/** Batches that are tried in search of one that fits. */
const LARGEST_TRIED = 4096;

/**
 * Compares what a run is expected to hold with what there is.
 *
 * @param config The run.
 * @param device Where it computes.
 * @param memory What that device has.
 * @param images Its images. Default: as `estimateMemory` has it.
 * @returns What to tell the user: undefined if the run fits into what is free now.
 * @throws {RangeError} If it needs more than there is in all; the message names settings that fit.
 */
export function checkMemory(
  config: Config,
  device: Device,
  memory: AvailableMemory,
  images?: ImageSizes,
): string | undefined {
  const needed = (each: Config) => measureMemory(each, device, images);
  const bytes = needed(config);
  if (bytes > memory.total) {
    const cure = fittingSettings(config, (each) => needed(each) <= memory.total);
    throw new RangeError(
      `Cannot train in ${gigabytes(memory.total)} of memory: this run needs about ` +
        `${gigabytes(bytes)}. ${cure}`,
    );
  }
  if (bytes <= memory.free) return undefined;
  return `This run needs about ${gigabytes(bytes)} of memory, and ${gigabytes(memory.free)} of ` +
    `${gigabytes(memory.total)} are free now: it may ${
      device === "cpu" ? "be slow, or be killed by the system" : "run out of it"
    }`;
}

/** In words, the least change that fits: smaller micro-batches of as many images, else a smaller network. */
function fittingSettings(config: Config, fits: (config: Config) => boolean): string {
  const images = effectiveBatch(config);
  const smaller = Math.min(config.train.batch_size_per_gpu - 1, LARGEST_TRIED);
  const batches = Array.from({ length: smaller }, (_, i) => smaller - i)
    .filter((batch) => images % batch === 0);
  const inBatches = (batch: number) => ({
    ...config,
    train: { ...config.train, batch_size_per_gpu: batch, accumulate: images / batch },
  });
  const batch = batches.find((each) => fits(inBatches(each)));
  if (batch !== undefined) {
    return `Set train.batch_size_per_gpu=${batch} train.accumulate=${images / batch}: ` +
      `each step still learns from ${images} images`;
  }
  const least = inBatches(batches.at(-1) ?? config.train.batch_size_per_gpu);
  const names = Object.keys(architectures) as ArchitectureName[];
  const arch = names.slice(0, names.indexOf(config.student.arch)).toReversed()
    .find((name) => fits({ ...least, student: { ...config.student, arch: name } }));
  const { batch_size_per_gpu, accumulate } = least.train;
  return arch === undefined
    ? "Set smaller crops (crops.global_crops_size), heads (dino.head_n_prototypes) and batches (train.batch_size_per_gpu)"
    : `Set student.arch=${arch} train.batch_size_per_gpu=${batch_size_per_gpu} train.accumulate=${accumulate}`;
}
