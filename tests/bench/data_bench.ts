/** Decoding, crops and the whole loader, beside the reference's transforms with Pillow and torchvision on one core. */
import process from "node:process";
import { resolveConfig } from "../../src/config/resolve.ts";
import { drawCrops } from "../../src/data/augment/draw_crops.ts";
import { CropLayout } from "../../src/data/augment/crop_layout.ts";
import { byteNormalization, imagenetNormalization } from "../../src/data/augment/normalize.ts";
import { decodeImage } from "../../src/data/codec/decode.ts";
import { MAX_SCANS } from "../../src/data/codec/jpeg_samples.ts";
import { CropLoader } from "../../src/data/crop_loader.ts";
import { decoderOf } from "../../src/data/pixels/decoder_choice.ts";
import {
  type ImageSize,
  loadImage,
  loadJpeg,
  makeLoadedCrops,
} from "../../src/data/pixels/crops.ts";
import { median, spreadOf } from "./median.ts";
import type { Peer } from "./peer.ts";
import { startPython } from "./python.ts";
import type { BenchOptions, BenchResult } from "./result.ts";
import { writeScenes } from "./scenes.ts";

const IMAGES = 16;
const ROUNDS = 7;
/** How often a round goes through the images: for a second or so. */
const PASSES = 16;
/** Batches of the loader in a round: for a second or so. */
const BATCHES = 30;

const settings = resolveConfig({ student: { patch_size: 14 }, crops: { local_crops_size: 98 } });
const normalization = byteNormalization(imagenetNormalization());
const layout = new CropLayout(settings, { images: 1, microBatches: 1 });
const values = new Float32Array(layout.microBatchLength);

/** Seconds for an image. */
type Times = Record<"decode" | "crops" | "both", number>;

/**
 * Images decoded, cropped, and both, in seconds of processor time, so that other processes count for little; seven rounds,
 * in which this side and the peer begin in turns. Then images a second of the whole loader by the clock, with one and two
 * workers in turns, beside PyTorch's DataLoader with as many.
 */
export async function* bench({ isTiny }: BenchOptions): AsyncGenerator<BenchResult> {
  const [rounds, passes] = isTiny ? [1, 1] : [ROUNDS, PASSES];
  const folder = await Deno.makeTempDir();
  try {
    const paths = await writeScenes(folder, IMAGES, { width: 500, height: 375 });
    await using peer = await startPython("data_bench.py", paths, {
      modules: "torch, torchvision, PIL",
    });
    const own: Times[] = [], others: Times[] = [];
    await measure(paths, 0, passes); // the first round warms up
    const measureOwn = async (round: number) => own.push(await measure(paths, round, passes));
    const measurePeer = async () => {
      const theirs = await peer?.measure() as Omit<Times, "both"> | undefined;
      if (theirs) others.push({ ...theirs, both: theirs.decode + theirs.crops });
    };
    for (let round = 1; round <= rounds; round++) {
      if (round % 2 === 0) await measurePeer();
      await measureOwn(round);
      if (round % 2 === 1) await measurePeer();
    }
    const names = {
      decode: `decode JPEG by ${decoderOf("JPEG").name}, one core`,
      crops: "2 x 224 + 8 x 98 crops, one core",
      both: "decode and crops, one core",
    };
    for (const what of ["decode", "crops", "both"] as const) {
      yield rate(names[what], own.map((times) => times[what]), others.map((times) => times[what]));
    }
    const files = { root: folder, paths: paths.map((path) => path.slice(folder.length + 1)) };
    yield* loaderRates(files, rounds, peer);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function rate(name: string, own: readonly number[], theirs: readonly number[]): BenchResult {
  const value = 1 / median(own);
  const spread = `median of ${own.length}, ${spreadOf(own.map((each) => 1 / each))} img/s`;
  if (theirs.length === 0) {
    const note = `${spread}; PYTHON names no Python with Pillow and torchvision`;
    return { name, value, unit: "img/s", note };
  }
  const ratios = own.map((each, i) => theirs[i] / each);
  const baseline = 1 / median(theirs);
  const note = `${spread}; ratios ${spreadOf(ratios)}; a rate: more is better`;
  return { name, value, unit: "img/s", baseline, ratio: median(ratios), note };
}

/** Seconds of processor time that this process has used, to the microsecond. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Images one after the other, as a loader takes them: first in two parts, then from file to crops in one. */
async function measure(
  paths: readonly string[],
  round: number,
  passes: number,
): Promise<Times> {
  const crop = (size: ImageSize, place: number) => {
    const offsets = layout.offsets(0);
    const crops = drawCrops(size, settings, { seed: 0, iteration: round, place })
      .map((drawn, i) => ({ ...drawn, offset: offsets[i] }));
    makeLoadedCrops(crops, normalization, values);
  };
  const order = Array.from({ length: passes }, () => paths).flat();
  const times = { decode: 0, crops: 0, both: 0 };
  for (const [place, path] of order.entries()) {
    const began = processorTime();
    const image = await decodeImage(Deno.readFileSync(path));
    const decoded = processorTime();
    loadImage(image);
    crop(image, place);
    times.decode += decoded - began;
    times.crops += processorTime() - decoded;
  }
  const began = processorTime();
  for (const [place, path] of order.entries()) {
    crop(loadJpeg(Deno.readFileSync(path), { maxPixels: 1e9, maxScans: MAX_SCANS }), place);
  }
  times.both = processorTime() - began;
  const { decode, crops, both } = times;
  return { decode: decode / order.length, crops: crops / order.length, both: both / order.length };
}

/** Images a second of the loader with one worker and two beside PyTorch's DataLoader, and with two beside one. */
async function* loaderRates(
  folder: { root: string; paths: readonly string[] },
  rounds: number,
  peer: Peer | undefined,
): AsyncGenerator<BenchResult> {
  const own: Record<number, number[]> = { 1: [], 2: [] };
  const theirs: Record<number, number[]> = { 1: [], 2: [] };
  for (let round = 0; round < rounds; round++) {
    for (const workers of round % 2 === 0 ? [1, 2] : [2, 1]) {
      own[workers].push(await loaderRate(folder, workers, round));
      const peers = await peer?.measure(String(workers)) as number | undefined;
      if (peers !== undefined) theirs[workers].push(peers);
    }
  }
  for (const workers of peer === undefined ? [] : [1, 2]) {
    const name = `whole loader, ${workers === 1 ? "1 worker" : "2 workers"} beside DataLoader`;
    yield beside(name, own[workers], theirs[workers]);
  }
  yield beside("whole loader, 2 workers beside 1", own[2], own[1]);
}

function beside(name: string, rates: readonly number[], others: readonly number[]): BenchResult {
  const ratios = rates.map((each, i) => each / others[i]);
  const note = `by the clock; ratios ${spreadOf(ratios)}; ${navigator.hardwareConcurrency} cores`;
  const [value, baseline] = [median(rates), median(others)];
  return { name, value, unit: "img/s", baseline, ratio: median(ratios), note };
}

/** Images a second of the loader once its threads have started. */
async function loaderRate(
  folder: { root: string; paths: readonly string[] },
  workers: number,
  seed: number,
): Promise<number> {
  using loader = new CropLoader(folder, {
    ...{ settings, normalization, workers, seed, images: IMAGES, microBatches: 1, cacheBytes: 0 },
  });
  let batches = 0, began = 0;
  for await (const _ of loader) {
    if (batches++ === 0) began = performance.now();
    if (batches > BATCHES) break;
  }
  return BATCHES * IMAGES / ((performance.now() - began) / 1000);
}
