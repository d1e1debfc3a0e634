/** 300 MB of images read from tar shards and parquet files, in the order of training, beside the same files in a folder. */
import { cpuUsage } from "node:process";
import { type ImageFolder, locate } from "../../src/data/folder.ts";
import { trainingOrder } from "../../src/data/sampler.ts";
import { shardImages } from "../../src/data/shard_images.ts";
import { openImages } from "../../src/data/sources/open.ts";
import { readSample } from "../../src/data/sources/sample.ts";
import { parquetFile } from "../data/sources/write_parquet.ts";
import type { BenchOptions, BenchResult } from "./result.ts";
import { writeScenes } from "./scenes.ts";

const SCENES = 128;
const BYTES = 300e6;
const ROUNDS = 7;

interface Times {
  /** Seconds of processor time, of all threads. */
  readonly processor: number;
  /** Seconds by the clock. */
  readonly clock: number;
}

/** Every image read once, without decoding it; seven rounds in turns. */
export async function* bench({ isTiny }: BenchOptions): AsyncGenerator<BenchResult> {
  const [bytes, rounds] = isTiny ? [BYTES / 100, 1] : [BYTES, ROUNDS];
  const root = await Deno.makeTempDir();
  try {
    const sources = await writeSources(root, bytes);
    const times: Record<string, Times[]> = {};
    for (let round = 0; round < rounds; round++) {
      for (const [name, images] of Object.entries(sources)) {
        (times[name] ??= []).push(await measure(images, round));
      }
    }
    for (const name of ["tar", "parquet"]) {
      const of = (key: keyof Times, source: string) => times[source].map((each) => each[key]);
      const ratios = of("processor", name).map((each, i) => each / times.folder[i].processor);
      const byClock = of("clock", name).map((each, i) => each / times.folder[i].clock);
      yield {
        name: `read ${bytes / 1e6} MB from ${name}, beside a folder`,
        value: median(of("processor", name)),
        unit: "s",
        baseline: median(of("processor", "folder")),
        ratio: median(ratios),
        note: `processor time; by the clock ×${median(byClock).toFixed(2)}`,
      };
    }
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/** The same images as files, in tar shards and in parquet files. */
async function writeSources(
  root: string,
  bytes: number,
): Promise<Record<string, ImageFolder>> {
  const scenes = await Deno.makeTempDir({ dir: root });
  const files = (await writeScenes(scenes, SCENES)).map((path) => Deno.readFileSync(path));
  const total = files.reduce((sum, { length }) => sum + length, 0);
  const images = Array.from(
    { length: Math.ceil(bytes / total * SCENES) },
    (_, i) => files[i % SCENES],
  );
  for (const name of ["folder", "parquet"]) Deno.mkdirSync(`${root}/${name}`);
  images.forEach((image, i) => Deno.writeFileSync(`${root}/folder/${i}.jpg`, image));
  await shardImages(await openImages(`${root}/folder`), `${root}/tar`, { imagesPerShard: 1000 });
  for (let begin = 0; begin < images.length; begin += 1000) {
    const name = `${root}/parquet/${String(begin / 1000).padStart(5, "0")}.parquet`;
    Deno.writeFileSync(name, parquetFile(images.slice(begin, begin + 1000)));
  }
  const opened: Record<string, ImageFolder> = {};
  for (const name of ["folder", "tar", "parquet"]) {
    opened[name] = await openImages(`${root}/${name}`);
  }
  return opened;
}

async function measure(images: ImageFolder, seed: number): Promise<Times> {
  const order = trainingOrder(images, { seed });
  const began = performance.now(), used = cpuUsage();
  for (let place = 0; place < images.paths.length; place++) {
    await readSample(locate(images, order.indexAt(place)));
  }
  const { user, system } = cpuUsage(used);
  return { processor: (user + system) / 1e6, clock: (performance.now() - began) / 1000 };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}
