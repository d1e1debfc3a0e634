/** Decoding and multi-crop augmentation on one core, beside the reference's transforms with Pillow and torchvision. */
import { resolveConfig } from "../../src/config/resolve.ts";
import { multiCrop } from "../../src/data/augment/multi_crop.ts";
import { decodeImage } from "../../src/data/codec/decode.ts";
import type { DecodedImage } from "../../src/data/image.ts";
import { type Device, setThreads, synchronize, threads } from "../../src/tensor/device.ts";
import { scope } from "../../src/tensor/scope.ts";
import { runPython } from "./python.ts";
import type { BenchOptions, BenchResult } from "./result.ts";
import { writeScenes } from "./scenes.ts";

const IMAGES = 16;
const CROPS = 10;
const ROUNDS = 3;

/** Seconds for all images. */
interface Times {
  readonly decode: number;
  readonly augment: number;
}

/** Images decoded a second, crops made a second, and both one after the other; the host does its part in one thread. */
export async function* bench({ device }: BenchOptions): AsyncGenerator<BenchResult> {
  const folder = await Deno.makeTempDir();
  try {
    const paths = await writeScenes(folder, IMAGES);
    const own = await measure(paths, device as Device);
    const peer = await runPython("data_bench.py", [String(ROUNDS), ...paths], {
      modules: "torch, torchvision, PIL",
    }) as Times | null;
    const place = device === "cpu" ? "one core" : `${device}, beside one core`;
    const made = "2 x 224 + 8 x 98";
    yield rate("decode JPEG, one core", "img/s", own.decode, peer?.decode);
    yield rate(
      `crops, ${made}, ${place}`,
      "crops/s",
      own.augment / CROPS,
      peer && peer.augment / CROPS,
    );
    yield rate(
      `decode and crops, ${place}`,
      "img/s",
      own.decode + own.augment,
      peer && peer.decode + peer.augment,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** @param seconds What as many take as there are images. */
function rate(
  name: string,
  unit: string,
  seconds: number,
  peer: number | null | undefined,
): BenchResult {
  const value = IMAGES / seconds;
  if (peer == null) {
    return { name, value, unit, note: "no Python with Pillow and torchvision to compare with" };
  }
  const baseline = IMAGES / peer;
  return { name, value, unit, baseline, ratio: value / baseline, note: "a rate: more is better" };
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
