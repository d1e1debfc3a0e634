import "../native.ts";
import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { DecodePool } from "../../src/data/decode_pool.ts";
import type { ImageFolder } from "../../src/data/folder.ts";
import { hashPixels } from "../../src/data/inspect.ts";
import { scanImageFolder } from "../../src/data/sources/folder.ts";
import {
  evaluationBatches,
  type ImageBatch,
  trainingBatches,
  type TrainingLoaderOptions,
} from "../../src/data/loader.ts";
import { ShuffledSampler } from "../../src/data/sampler.ts";
import { inTempFolder } from "../temp_folder.ts";
import { withStillbornWorkers } from "./dying_workers.ts";

const IMAGES = fromFileUrl(new URL("images/", import.meta.url));

/** Runs the body with a folder of two classes: sound copies of samples, and the broken ones. */
async function withFolder(
  { sound, broken }: { sound: number; broken: number },
  body: (folder: ImageFolder) => Promise<void>,
): Promise<void> {
  await inTempFolder(async (root) => {
    for (const name of ["a", "b"]) await Deno.mkdir(join(root, name));
    for (let i = 0; i < sound + broken; i++) {
      const sample = i < sound ? ["rgb.jpg", "rgb.png", "one_pixel.png"][i % 3] : "cut_off.jpg";
      // Numbers are scattered, so that broken files lie between sound ones.
      const name = `${(i * 7) % (sound + broken)}.jpg`.padStart(8, "0");
      await Deno.copyFile(join(IMAGES, sample), join(root, i % 2 === 0 ? "a" : "b", name));
    }
    await body(await scanImageFolder(root));
  });
}

async function take(
  folder: ImageFolder,
  count: number,
  options: TrainingLoaderOptions,
): Promise<ImageBatch[]> {
  const batches: ImageBatch[] = [];
  for await (const batch of trainingBatches(folder, options)) {
    batches.push(batch);
    if (batches.length === count) break;
  }
  return batches;
}

/** The batches without what may differ from run to run. */
function content(batches: ImageBatch[]): unknown[] {
  return batches.map(({ waited: _, ...batch }) => batch);
}

Deno.test("training batches do not depend on the number of workers or on what is cached", async () => {
  await withFolder({ sound: 12, broken: 3 }, async (folder) => {
    const options = { batchSize: 5, seed: 2, maxBrokenFraction: 0.5 };
    const one = await take(folder, 6, { ...options, workers: 1 });
    assertEquals(
      content(await take(folder, 6, { ...options, workers: 3, cacheBytes: 0, prefetchItems: 1 })),
      content(one),
    );
    assertEquals(one.map(({ images }) => images.length), [5, 5, 5, 5, 5, 5]);
    assertEquals(one.map(({ iteration }) => iteration), [0, 1, 2, 3, 4, 5]);
  });
});

Deno.test("a run that goes on from a batch's position sees what an unbroken run sees", async () => {
  await withFolder({ sound: 12, broken: 3 }, async (folder) => {
    const options = { batchSize: 4, seed: 5, workers: 1, maxBrokenFraction: 0.5 };
    const unbroken = await take(folder, 6, options);
    const { position, iteration } = unbroken[2];
    const resumed = await take(folder, 3, { ...options, position, iteration: iteration + 1 });
    assertEquals(content(resumed), content(unbroken.slice(3)));
  });
});

Deno.test("a run that goes on from a batch's position lists the broken files that an unbroken run lists", async () => {
  await withFolder({ sound: 12, broken: 3 }, async (folder) => {
    const options = { batchSize: 4, seed: 5, workers: 1, maxBrokenFraction: 0.5 };
    const lists = async (count: number, from: TrainingLoaderOptions = {}) => {
      const loader = trainingBatches(folder, { ...options, ...from });
      const seen = [];
      for await (const { position, iteration } of loader) {
        seen.push({ position, iteration: iteration + 1, brokenFiles: loader.brokenFiles });
        if (seen.length === count) break;
      }
      return seen;
    };
    const unbroken = await lists(6);
    assertEquals(unbroken[5].brokenFiles.length, 3);
    for (const [i, from] of unbroken.slice(0, 5).entries()) {
      assertEquals(await lists(5 - i, from), unbroken.slice(i + 1));
    }
  });
});

Deno.test("broken files are passed over, listed once and replaced by the next image", async () => {
  await withFolder({ sound: 8, broken: 2 }, async (folder) => {
    const loader = trainingBatches(folder, { batchSize: 8, workers: 1, maxBrokenFraction: 0.5 });
    let count = 0;
    for await (const { images, indices, labels } of loader) {
      assert(images.every(({ width }) => width === 40 || width === 1));
      assertEquals(labels, indices.map((index) => folder.labels![index]));
      if (++count === 4) break;
    }
    assertEquals(loader.brokenFiles.length, 2);
    for (const { path, reason } of loader.brokenFiles) {
      assert(folder.paths.includes(path) && reason.startsWith("damaged or unsupported JPEG"));
    }
  });
});

Deno.test("a folder with too many broken files stops with their list", async () => {
  await withFolder({ sound: 4, broken: 6 }, async (folder) => {
    await assertRejects(
      () => take(folder, 10, { batchSize: 4, workers: 1 }),
      Error,
      "more than the tolerated share of 0.1",
    );
  });
});

Deno.test("evaluation batches hold every sound image once, in the folder's order", async () => {
  await withFolder({ sound: 9, broken: 1 }, async (folder) => {
    const loader = evaluationBatches(folder, { batchSize: 4, workers: 2 });
    const batches = await Array.fromAsync(loader);
    const broken = folder.paths.indexOf(loader.brokenFiles[0].path);
    assertEquals(batches.map(({ images }) => images.length), [4, 4, 1]);
    assertEquals(
      batches.flatMap(({ indices }) => indices),
      Array.from({ length: 10 }, (_, i) => i).filter((index) => index !== broken),
    );
  });
});

Deno.test("a loader that is closed while it waits ends quietly", async () => {
  await withFolder({ sound: 6, broken: 0 }, async (folder) => {
    const loader = trainingBatches(folder, { batchSize: 4, workers: 1 });
    const waiting = Array.fromAsync(loader);
    loader.close();
    assertEquals(await waiting, []);
  });
});

Deno.test("a shared pool outlives its loaders", async () => {
  await withFolder({ sound: 4, broken: 0 }, async (folder) => {
    using pool = new DecodePool({ workers: 1 });
    for (let pass = 0; pass < 2; pass++) {
      assertEquals((await Array.fromAsync(evaluationBatches(folder, { pool }))).length, 1);
    }
  });
});

const MEGABYTE = 2 ** 20;

/** Threads that give every image in no time, with so many bytes, or call it broken; and what they were asked for. */
function stubPool(bytes: number, isBroken: (place: number) => boolean = () => false) {
  const image = { width: 1, height: 1, pixels: new Uint8Array(bytes) };
  const asked: string[] = [];
  const decode = ({ path }: { path: string }) => {
    asked.push(path);
    return Promise.resolve(isBroken(asked.length - 1) ? { reason: "cut off" } : image);
  };
  return { asked, pool: { decode } as unknown as DecodePool };
}

const many = { root: "", paths: Array.from({ length: 1000 }, (_, i) => `${i}.jpg`) };

Deno.test("unless told otherwise a batch has 64 images, and four batches are decoded ahead", async () => {
  for (const [options, ahead] of [[{}, 256], [{ prefetchItems: 5 }, 5]] as const) {
    const { pool, asked } = stubPool(1);
    const [batch] = await take(many, 1, { pool, ...options });
    assertEquals([batch.images.length, asked.length], [64, 64 + ahead]);
  }
});

Deno.test("unless told otherwise 512 MiB are decoded ahead and 256 MiB of images are kept", async () => {
  const ahead = stubPool(8 * MEGABYTE);
  await take(many, 1, { ...ahead, batchSize: 400, prefetchItems: 500, cacheBytes: 0 });
  assertEquals(ahead.asked.length - 400, 64);
  const kept = stubPool(8 * MEGABYTE);
  const few = { root: "", paths: many.paths.slice(0, 40) };
  await take(few, 3, { ...kept, batchSize: 40, prefetchItems: 1 });
  const once = few.paths.filter((path) =>
    kept.asked.indexOf(`/${path}`) === kept.asked.lastIndexOf(`/${path}`)
  );
  assertEquals(once.length, 32);
});

Deno.test("unless told otherwise a tenth of the images may be broken, and not one more", async () => {
  const read = (broken: number) => {
    const { pool } = stubPool(1, (place) => place < broken);
    return Array.fromAsync(evaluationBatches(many, { pool }));
  };
  assertEquals((await read(20)).flatMap(({ indices }) => indices).length, 980);
  await assertRejects(() => read(21), Error, "Cannot decode 21 of the first 21 images");
});

Deno.test("unless told otherwise training begins at the first place of the order of seed 0", async () => {
  const { pool } = stubPool(1);
  const [first] = await take(many, 1, { pool });
  const sampler = new ShuffledSampler(1000, { seed: 0 });
  assertEquals(first.indices, Array.from({ length: 64 }, (_, i) => sampler.indexAt(i)));
  assertEquals([first.iteration, first.position], [0, 64]);
  const [other] = await take(many, 1, { pool, seed: 1 });
  assertNotEquals(other.indices, first.indices);
});

Deno.test("an evaluation that goes on passes over what is done, and lists what was broken in it", async () => {
  const { pool, asked } = stubPool(1);
  const brokenFiles = [{ path: "3.jpg", reason: "cut off" }];
  using loader = evaluationBatches(many, { pool, position: 900, brokenFiles });
  const batches = await Array.fromAsync(loader);
  assertEquals([batches[0].indices[0], asked.length], [900, 100]);
  assertEquals(loader.brokenFiles, brokenFiles);
});

Deno.test("a loader names the image that it waits for and the worker, and none when it does not wait", async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const describe = ({ paths }: ImageFolder, index: number) => `${paths[index]} from worker 1 of 1`;
  const pool = { decode: () => promise, describe } as unknown as DecodePool;
  const loader = evaluationBatches({ root: "", paths: ["a.jpg", "b.jpg"] }, { pool });
  const waiting = Array.fromAsync(loader);
  await Promise.resolve();
  assertEquals(loader.awaited, "a.jpg from worker 1 of 1");
  resolve({ width: 1, height: 1, pixels: new Uint8Array(3) });
  await waiting;
  assertEquals(loader.awaited, undefined);
});

Deno.test("batches of no images are refused", () => {
  const folder = { root: "", paths: ["a.jpg"] };
  assertThrows(() => trainingBatches(folder, { batchSize: 0 }), RangeError, "give 1 or more");
});

Deno.test("damage without harm to the pixels is told at its first file and counted at the end", async () => {
  await inTempFolder(async (root) => {
    const sound = await Deno.readFile(join(IMAGES, "rgb.png"));
    for (const [i, isDamaged] of [true, false, true, true].entries()) {
      const bytes = isDamaged ? sound.subarray(0, sound.length - 12) : sound; // without its last chunk
      await Deno.writeFile(join(root, `${i}.png`), bytes);
    }
    const folder = await scanImageFolder(root);
    const notes: string[] = [];
    using loader = evaluationBatches(folder, { workers: 1, onNote: (text) => notes.push(text) });
    const batches = await Array.fromAsync(loader);
    assertEquals(batches[0].images.length, 4);
    assertEquals(notes, [
      "0.png was read, but the PNG is cut off",
      "2 more files are like 0.png",
    ]);
  });
});

Deno.test("pictures are turned and large ones skipped where that is asked for", async () => {
  await inTempFolder(async (root) => {
    for (const name of ["rotated_by_exif.jpg", "wide.png"]) {
      await Deno.copyFile(join(IMAGES, name), join(root, name));
    }
    const folder = await scanImageFolder(root);
    const options = { workers: 1, maxBrokenFraction: 0.5, maxPixels: 12_000, batchSize: 2 };
    const sizes = async (exif: "apply" | "ignore") => {
      using loader = evaluationBatches(folder, { ...options, exif });
      const [{ images }] = await Array.fromAsync(loader);
      assertEquals(loader.brokenFiles, [{
        path: "wide.png",
        reason: "12000x3 pixels exceed the limit of 12000",
      }]);
      return images.map(({ width, height }) => [width, height]);
    };
    assertEquals(await sizes("ignore"), [[40, 30]]);
    assertEquals(await sizes("apply"), [[30, 40]]);
  });
});

Deno.test("a broken image is read once, whatever the number of epochs", async () => {
  const { pool, asked } = stubPool(1, (place) => place === 2);
  const folder = { root: "", paths: many.paths.slice(0, 10) };
  await take(folder, 3, { pool, batchSize: 9, prefetchItems: 1, cacheBytes: 0 });
  const counts = folder.paths.map((path) => asked.filter((one) => one === `/${path}`).length);
  assertEquals(Math.min(...counts), 1, "the broken one");
  assertEquals(counts.filter((count) => count < 3).length, 1);
});

Deno.test("where no worker starts, loaders, and what reads images by them, end with the reason and skip nothing", async () => {
  await withFolder({ sound: 2, broken: 0 }, (folder) =>
    withStillbornWorkers(async () => {
      const endings = [
        () => Array.fromAsync(evaluationBatches(folder, { workers: 1 })),
        () => take(folder, 1, { workers: 1 }),
        () => Array.fromAsync(hashPixels(folder, { workers: 1 })),
      ];
      for (const end of endings) await assertRejects(end, Error, "Cannot start a worker");
    }));
});
