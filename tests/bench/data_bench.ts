/** Decoding and multi-crop augmentation on one core, beside the reference's transforms with Pillow and torchvision. */
import { join } from "@std/path";
import { Image } from "imagescript";
import { resolveConfig } from "../../src/config/resolve.ts";
import { multiCrop } from "../../src/data/augment/multi_crop.ts";
import { MOTIFS } from "../../src/data/builtin/motif.ts";
import { renderScene } from "../../src/data/builtin/render.ts";
import { decodeImage } from "../../src/data/codec/decode.ts";
import type { DecodedImage } from "../../src/data/image.ts";
import { Stream } from "../../src/data/random.ts";
import { type Device, setThreads, synchronize, threads } from "../../src/tensor/device.ts";
import { scope } from "../../src/tensor/scope.ts";
import { runPython } from "./python.ts";
import type { BenchOptions, BenchResult } from "./result.ts";

const IMAGES = 16;
const SIDE = 448; // with 448² pixels about as many as ImageNet's 500 x 375
const ROUNDS = 3;

/** Seconds for all images. */
interface Times {
  readonly decode: number;
  readonly augment: number;
}

/** Images a second: decoded, and decoded and cropped, both by one thread. */
export async function bench({ device }: BenchOptions): Promise<BenchResult[]> {
  const folder = await Deno.makeTempDir();
  try {
    const paths = await writeImages(folder);
    const own = await measure(paths, device as Device);
    const peer = await runPython("data_bench.py", [String(ROUNDS), ...paths], {
      modules: "torch, torchvision, PIL",
    }) as Times | null;
    const crops = "2 x 224 + 8 x 98 crops";
    return [
      result("decode JPEG", own.decode, peer?.decode),
      result(`crops: ${crops}`, own.augment, peer?.augment),
      result(`decode, ${crops}`, own.decode + own.augment, peer && peer.decode + peer.augment),
    ];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function result(name: string, seconds: number, peer: number | null | undefined): BenchResult {
  const value = IMAGES / seconds;
  const rate = { name: `${name}, one core`, value, unit: "images/s" };
  if (peer == null) {
    return { ...rate, note: "no Python with Pillow and torchvision to compare with" };
  }
  const baseline = IMAGES / peer;
  return { ...rate, baseline, ratio: value / baseline, note: "a rate: more is better" };
}

async function measure(paths: readonly string[], device: Device): Promise<Times> {
  const settings = resolveConfig({ student: { patch_size: 14 }, crops: { local_crops_size: 98 } });
  const before = threads();
  setThreads(1);
  const rounds: Times[] = [];
  for (let iteration = 0; iteration <= ROUNDS; iteration++) {
    const began = performance.now();
    const images: DecodedImage[] = [];
    for (const path of paths) images.push(await decodeImage(await Deno.readFile(path)));
    const decoded = performance.now();
    scope(() => {
      multiCrop(images, settings, { seed: 0, iteration, device });
      synchronize(device);
    });
    const augmented = performance.now();
    rounds.push({ decode: (decoded - began) / 1000, augment: (augmented - decoded) / 1000 });
  }
  setThreads(before);
  return best(rounds.slice(1)); // the first one warms up
}

function best(rounds: readonly Times[]): Times {
  return {
    decode: Math.min(...rounds.map(({ decode }) => decode)),
    augment: Math.min(...rounds.map(({ augment }) => augment)),
  };
}

async function writeImages(folder: string): Promise<string[]> {
  const motifs = Object.values(MOTIFS);
  return await Promise.all(Array.from({ length: IMAGES }, async (_, i) => {
    const scene = renderScene(motifs[i % motifs.length], SIDE, new Stream(0, "bench", i));
    const image = new Image(SIDE, SIDE);
    for (let p = 0; p < SIDE * SIDE; p++) {
      image.bitmap.set(scene.subarray(3 * p, 3 * p + 3), 4 * p);
      image.bitmap[4 * p + 3] = 255;
    }
    const path = join(folder, `${i}.jpg`);
    await Deno.writeFile(path, await image.encodeJPEG(90));
    return path;
  }));
}
