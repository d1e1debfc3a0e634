import type { BrokenFile } from "../../data/broken_files.ts";
import type { ImageFolder } from "../../data/folder.ts";
import { type ImageBatch, type LoaderOptions, trainingBatches } from "../../data/loader.ts";
import { allFinite } from "../../features/finite_features.ts";
import type { Module } from "../../nn/module.ts";
import { AdamW, type AdamWStep } from "../../optim/adamw.ts";
import { clipGradNorm } from "../../optim/clip_grad_norm.ts";
import { packHandles } from "../../optim/packed.ts";
import { zeros } from "../../tensor/create.ts";
import type { Device } from "../../tensor/device.ts";
import { keep, scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** Options that the training of every head has. */
export interface FitOptions
  extends Pick<LoaderOptions, "workers" | "maxBrokenFraction" | "onNote" | "signal"> {
  /** Steps of the optimiser. Default: the reference's. */
  iterations?: number;
  /** Images of a step. Default: 16, the reference's 2 on each of 8 GPUs. */
  batchSize?: number;
  /** Seed of initial weights, order and views. Default: 0. */
  seed?: number;
  /** Learning rate after the warm-up. Default: the reference's. */
  lr?: number;
  /** Where to compute: the device of the backbone. Default: the CPU. */
  device?: Device;
  /** Called with the number of steps done so far, of how many. Default: ignored. */
  onProgress?: (done: number, total: number) => void;
}

/** The images of a step. */
export type FitBatch = Pick<ImageBatch, "images" | "indices" | "iteration">;

/** What {@linkcode fitHead} trains by. */
export interface Fit extends FitOptions {
  readonly iterations: number;
  readonly seed: number;
  /** Channels of the images. */
  readonly channels: number;
  /** Learning rate, weight decay and momentum at each iteration. */
  readonly schedule: (iteration: number) => AdamWStep;
  /** Maximum gradient norm; 0 turns clipping off. */
  readonly maxNorm: number;
  /** Computes the loss of a step, and its gradients; returns the loss. */
  readonly backward: (batch: FitBatch) => Tensor;
}

/** A head that was trained. */
export interface Fitted<Head> {
  /** In evaluation mode. Dispose of it when done. */
  readonly head: Head;
  /** The loss at each iteration. */
  readonly losses: Float32Array;
  /** Different images that were drawn; few steps do not reach all of a folder. */
  readonly images: number;
  /** Files that could not be decoded and took no part. */
  readonly brokenFiles: readonly BrokenFile[];
}

const BATCH_SIZE = 16;

/**
 * Trains a head by AdamW on shuffled images. The result is a function of the folder and the seed on the CPU, whatever
 * the number of workers. The head is disposed of when that fails.
 *
 * @param head On the device to train on.
 * @param folder Images and what is known about their pixels.
 * @param fit How to train.
 * @throws {RangeError} If there is no iteration.
 * @throws {Error} If too many files are broken, or the loss or the weights become NaN or infinite.
 */
export async function fitHead<Head extends Module>(
  head: Head,
  folder: ImageFolder,
  fit: Fit,
): Promise<Fitted<Head>> {
  const { iterations, batchSize = BATCH_SIZE, onProgress = () => {} } = fit;
  try {
    if (!Number.isInteger(iterations) || iterations < 1) {
      throw new RangeError(`Cannot train for ${iterations} iterations: give 1 or more`);
    }
    const learned = [...head.namedParameters()].filter(([, value]) => value.requiresGrad);
    const group = {
      names: learned.map(([name]) => name),
      parameters: learned.map(([, value]) => value),
    };
    const parameters = packHandles(group.parameters);
    using optimizer = new AdamW([group]);
    // Losses stay on the device, which nothing waits for.
    using losses = keep(zeros([iterations], { device: fit.device }));
    using loader = trainingBatches(folder, { ...fit, batchSize });
    head.train();
    const drawn = new Set<number>();
    for await (const batch of loader) {
      const { iteration, indices } = batch;
      for (const index of indices) drawn.add(index);
      scope(() => {
        losses.narrow(0, iteration, 1).copy_(fit.backward(batch));
        clipGradNorm(parameters, fit.maxNorm);
        optimizer.step(fit.schedule(iteration));
        optimizer.zeroGrad();
      });
      onProgress(iteration + 1, iterations);
      if (iteration + 1 === iterations) break;
    }
    const values = losses.toArray() as Float32Array;
    const bad = values.findIndex((loss) => !Number.isFinite(loss));
    const isBroken = Object.values(head.stateDict()).some((weights) => !allFinite(weights));
    if (bad >= 0 || isBroken) {
      const what = bad < 0 ? "its weights" : `the loss of step ${bad + 1} of ${iterations}`;
      throw new Error(`Cannot use the head: ${what} became NaN or infinite; lower lr`);
    }
    head.eval();
    return { head, losses: values, images: drawn.size, brokenFiles: loader.brokenFiles };
  } catch (error) {
    head.dispose();
    throw error;
  }
}
