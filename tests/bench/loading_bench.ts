/** From image files to the step: crops a second of the loader alone, and how long steps wait for it. */
import { uploadCrops } from "../../src/data/augment/multi_crop.ts";
import { byteNormalization, imagenetNormalization } from "../../src/data/augment/normalize.ts";
import { CropLoader } from "../../src/data/crop_loader.ts";
import { scanImageFolder } from "../../src/data/sources/folder.ts";
import { type Device, synchronize } from "../../src/tensor/device.ts";
import { scope } from "../../src/tensor/scope.ts";
import { Learner } from "../../src/train/learner.ts";
import { makeBatch } from "../../src/train/make_batch.ts";
import { trainStep } from "../../src/train/step.ts";
import type { BenchOptions, BenchResult } from "./result.ts";
import { writeScenes } from "./scenes.ts";
import { largeCase, type StepCase } from "./step_case.ts";

/** Images in a step on a GPU, where a step takes all that it can. */
const IMAGES = 32;
const SCENES = 64;
const BATCHES = 10;

/** The large network's crops and steps. */
export async function* bench(options: BenchOptions): AsyncGenerator<BenchResult> {
  const one = largeCase(options), folder = await Deno.makeTempDir();
  const images = one.images ?? IMAGES, { local_crops_number: local } = one.config.crops;
  try {
    await writeScenes(folder, SCENES);
    const alone = await timeLoader(one, folder, images);
    const workers = `${navigator.hardwareConcurrency} cores; ${one.crops}`;
    yield {
      name: `crops from JPEG files for ${one.name}`,
      value: (2 + local) * 1000 / alone,
      unit: "crops/s",
      note: `${(1000 / alone).toPrecision(4)} images a second; ${workers}`,
    };
    const { ms, ready, waited } = await timeTraining(one, folder, {
      images,
      device: options.device as Device,
    });
    yield {
      name: `step ${one.name}, batch ${images}: from JPEG files`,
      value: ms,
      unit: "ms",
      baseline: ready,
      ratio: ms / ready,
      note: `beside ready crops; waits ${waited.toFixed(1)} ms for its own`,
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

type Batch = CropLoader extends AsyncIterable<infer B> ? B : never;

async function openLoader({ config }: StepCase, folder: string, images: number) {
  return new CropLoader(await scanImageFolder(folder), {
    ...{ seed: 0, images, microBatches: 1, cacheBytes: 0 },
    settings: { crops: config.crops, augmentation: config.augmentation },
    normalization: byteNormalization(imagenetNormalization()),
  });
}

/** Milliseconds for the crops of an image, once the threads are at work. */
async function timeLoader(one: StepCase, folder: string, images: number): Promise<number> {
  using loader = await openLoader(one, folder, images);
  let done = 0, began = 0;
  for await (const _ of loader) {
    if (done === 0) began = performance.now();
    if (done++ === BATCHES) break;
  }
  return (performance.now() - began) / (BATCHES * images);
}

/** Milliseconds of a training step from files, of them those in which it waits for crops, and of a step from ready crops. */
async function timeTraining(
  one: StepCase,
  folder: string,
  { images, device }: { images: number; device: Device },
): Promise<{ ms: number; ready: number; waited: number }> {
  using learner = new Learner(one.config, { device });
  using loader = await openLoader(one, folder, images);
  const learnFrom = ({ values, layout, indices }: Batch, iteration: number) =>
    scope(() => {
      const cropsOf = (microBatch: number) => uploadCrops(values, layout, { microBatch, device });
      const source = { images: indices.length, cropsOf };
      trainStep(learner, makeBatch(source, one.config, { iteration, device }), iteration);
    });
  let last: Batch;
  let [began, waited, asked] = [0, 0, performance.now()];
  for await (const batch of loader) {
    const { iteration } = batch;
    waited += performance.now() - asked;
    learnFrom(batch, iteration);
    last = batch;
    if (iteration === 0) {
      synchronize(device);
      [began, waited] = [performance.now(), 0];
    }
    if (iteration === BATCHES) break;
    asked = performance.now();
  }
  synchronize(device);
  const ms = (performance.now() - began) / BATCHES;
  began = performance.now(); // leaving the loop has ended the loader's threads
  for (let i = 1; i <= BATCHES; i++) learnFrom(last!, BATCHES + i);
  synchronize(device);
  return { ms, ready: (performance.now() - began) / BATCHES, waited: waited / BATCHES };
}
