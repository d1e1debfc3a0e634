/**
 * `deno run -A tests/bench/sharing_run.ts FOLDER DEVICE SECONDS`: trains by the preset `cifar10`, and for each line that it
 * reads prints the images a second of the next seconds.
 *
 * @module
 */
import { TextLineStream } from "@std/streams/text-line-stream";
import { presets } from "../../src/config/presets.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import { uploadCrops } from "../../src/data/augment/multi_crop.ts";
import { byteNormalization, normalizationOf } from "../../src/data/augment/normalize.ts";
import { CropLoader } from "../../src/data/crop_loader.ts";
import { scanImageFolder } from "../../src/data/sources/folder.ts";
import type { Device } from "../../src/tensor/device.ts";
import { scope } from "../../src/tensor/scope.ts";
import { Learner } from "../../src/train/learner.ts";
import { makeBatch } from "../../src/train/make_batch.ts";
import { trainStep } from "../../src/train/step.ts";

const [folder, device, seconds] = [Deno.args[0], Deno.args[1] as Device, Number(Deno.args[2])];
const config = resolveConfig(presets.cifar10.settings);
const images = config.train.batch_size_per_gpu;
using learner = new Learner(config, { device });
using loader = new CropLoader(await scanImageFolder(folder), {
  ...{ seed: 0, images, microBatches: 1 },
  settings: { crops: config.crops, augmentation: config.augmentation },
  normalization: byteNormalization(normalizationOf(config.data)),
});
const batches = loader[Symbol.asyncIterator]();

async function step(): Promise<void> {
  const { values, layout, iteration } = (await batches.next()).value!;
  scope(() => {
    const cropsOf = (microBatch: number) => uploadCrops(values, layout, { microBatch, device });
    trainStep(learner, makeBatch({ images, cropsOf }, config, { iteration, device }), iteration);
  });
}

await step();
console.log("ready");
const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream())
  .pipeThrough(new TextLineStream());
for await (const _ of lines) {
  const began = performance.now();
  let steps = 0, passed = 0;
  while (passed < seconds) {
    await step();
    steps++;
    passed = (performance.now() - began) / 1000;
  }
  console.log(JSON.stringify(images * steps / passed));
}
