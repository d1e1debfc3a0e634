import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import "../native.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import { multiCrop } from "../../src/data/augment/multi_crop.ts";
import { byteNormalization, imagenetNormalization } from "../../src/data/augment/normalize.ts";
import { decodeImage, type DecodeOptions } from "../../src/data/codec/decode.ts";
import type { CropJob } from "../../src/data/crop_job.ts";
import { batchesHeld, CropLoader, type CropLoaderOptions } from "../../src/data/crop_loader.ts";
import { DecodePool } from "../../src/data/decode_pool.ts";
import type { ImageFolder } from "../../src/data/folder.ts";
import { scanImageFolder } from "../../src/data/sources/folder.ts";
import { scope } from "../../src/tensor/scope.ts";
import { inTempFolder } from "../temp_folder.ts";
import { withScans } from "./codec/with_scans.ts";
import { withDyingWorkers, withStillbornWorkers } from "./dying_workers.ts";

const IMAGES = fromFileUrl(new URL("images/", import.meta.url));

const config = resolveConfig({
  student: { patch_size: 8 },
  crops: { global_crops_size: 16, local_crops_size: 8, local_crops_number: 2 },
});

const options: CropLoaderOptions = {
  settings: config,
  normalization: byteNormalization(imagenetNormalization()),
  seed: 3,
  images: 4,
  microBatches: 2,
  maxBrokenFraction: 0.6,
};

/** Runs the body with a folder of images, broken ones among them. */
async function withFolder(
  { sound, broken }: { sound: number; broken: number },
  body: (folder: ImageFolder) => Promise<void>,
): Promise<void> {
  await inTempFolder(async (root) => {
    for (let i = 0; i < sound + broken; i++) {
      const sample = i < sound ? ["rgb.jpg", "rgb.png", "gray.jpg"][i % 3] : "cut_off.jpg";
      // Numbers are scattered, so that broken files lie between sound ones.
      const name = `${(i * 7) % (sound + broken)}.jpg`.padStart(8, "0");
      await Deno.copyFile(join(IMAGES, sample), join(root, name));
    }
    await body(await scanImageFolder(root));
  });
}

interface Taken {
  readonly values: Float32Array;
  readonly indices: readonly number[];
  readonly iteration: number;
  readonly position: number;
}

async function take(
  folder: ImageFolder,
  count: number,
  changed: Partial<CropLoaderOptions> = {},
): Promise<Taken[]> {
  using loader = new CropLoader(folder, { ...options, ...changed });
  const batches: Taken[] = [];
  for await (const { values, indices, iteration, position } of loader) {
    batches.push({ values: Float32Array.from(values), indices, iteration, position });
    if (batches.length === count) break;
  }
  return batches;
}

/** The crops that `multiCrop` makes of a batch, micro-batch by micro-batch. */
async function expectedCrops(
  { root, paths }: ImageFolder,
  { indices, iteration }: Pick<Taken, "indices" | "iteration">,
  decoding?: DecodeOptions,
): Promise<unknown[]> {
  const images = await Promise.all(
    indices.map((index) => decodeImage(Deno.readFileSync(join(root, paths[index])), decoding)),
  );
  return [0, 2].flatMap((place) =>
    scope(() => {
      const own = images.slice(place, place + 2);
      const { globalCrops, localCrops } = multiCrop(own, config, { seed: 3, iteration, place });
      return [...globalCrops.toArray(), ...localCrops!.toArray()];
    })
  );
}

Deno.test("crops do not depend on the number of workers, on what is kept or on how far ahead they are", async () => {
  await withFolder({ sound: 9, broken: 4 }, async (folder) => {
    const one = await take(folder, 8, { workers: 1 });
    assertEquals(await take(folder, 8, { workers: 3, cacheBytes: 0 }), one);
    assertEquals(await take(folder, 8, { workers: 2, prefetchBytes: 1 }), one);
    assertEquals(one.map(({ iteration }) => iteration), [0, 1, 2, 3, 4, 5, 6, 7]);
    assertNotEquals(one[0].values, one[1].values);
  });
});

Deno.test("crops are those of multiCrop for the images of the batch, micro-batch by micro-batch", async () => {
  await withFolder({ sound: 6, broken: 2 }, async (folder) => {
    const batches = await take(folder, 2, { workers: 2 });
    for (const batch of batches) {
      assertEquals<unknown[]>([...batch.values], await expectedCrops(folder, batch));
    }
  });
});

Deno.test("a run that goes on from a batch's position sees what an unbroken run sees", async () => {
  await withFolder({ sound: 9, broken: 3 }, async (folder) => {
    const unbroken = await take(folder, 6, { workers: 2 });
    const { position, iteration } = unbroken[2];
    const resumed = await take(folder, 3, { workers: 1, position, iteration: iteration + 1 });
    assertEquals(resumed, unbroken.slice(3));
    assertEquals(await take(folder, 1, { position: 0, iteration: 0 }), unbroken.slice(0, 1));
  });
});

Deno.test("broken files are skipped and listed once, each with its reason", async () => {
  await withFolder({ sound: 6, broken: 2 }, async (folder) => {
    using loader = new CropLoader(folder, { ...options, workers: 2 });
    let count = 0;
    for await (const { indices } of loader) {
      assertEquals(indices.length, 4);
      if (++count === 6) break;
    }
    assertEquals(loader.brokenFiles.length, 2);
    for (const { reason } of loader.brokenFiles) {
      assert(reason.startsWith("damaged or unsupported JPEG"), reason);
    }
  });
});

Deno.test("crops are the same where workers die, and an image of which two die is skipped by name", async () => {
  await inTempFolder(async (root) => {
    const names = Array.from({ length: 9 }, (_, i) => `${i}.jpg`);
    names.push("dies_early_once.jpg", "dies_late_once.jpg", "dies_early.jpg", "dies_late.jpg");
    for (const [i, name] of names.entries()) {
      await Deno.copyFile(join(IMAGES, ["rgb.jpg", "gray.jpg"][i % 2]), join(root, name));
    }
    const folder = await scanImageFolder(root);
    const skipped = ["dies_early.jpg", "dies_late.jpg"];
    const brokenFiles = skipped.map((path) => ({ path, reason: "" }));
    const expected = await take(folder, 4, { workers: 1, brokenFiles });
    await withDyingWorkers(async () => {
      using loader = new CropLoader(folder, { ...options, workers: 2 });
      for await (const { values, indices, iteration } of loader) {
        assertEquals(indices, expected[iteration].indices);
        assertEquals(Float32Array.from(values), expected[iteration].values);
        if (iteration === 3) break;
      }
      assertEquals(loader.brokenFiles.map(({ path }) => path).sort(), skipped);
      assert(loader.brokenFiles.every(({ reason }) => reason.startsWith("the worker died")));
    });
  });
});

Deno.test("three batches are made ahead, or as many whole ones as memory is given for, at least one", async () => {
  await withFolder({ sound: 6, broken: 0 }, async (folder) => {
    const { crop } = DecodePool.prototype;
    const bytes = 4 * options.images * 3 * 2 * (16 ** 2 + 8 ** 2); // of a batch
    try {
      for (
        const [prefetchBytes, ahead] of [[undefined, 3], [3 * bytes - 1, 2], [2 * bytes, 2], [1, 1]]
      ) {
        let given = 0;
        DecodePool.prototype.crop = function (...job) {
          given++;
          return crop.apply(this, job);
        };
        await take(folder, 1, { workers: 1, prefetchBytes });
        assertEquals(given, (1 + ahead!) * options.images);
      }
    } finally {
      DecodePool.prototype.crop = crop;
    }
  });
});

Deno.test("batches have room for three ahead in 512 MiB, for one at least", () => {
  const ahead = (megabytes: number) => batchesHeld(megabytes * 2 ** 20) - 1;
  assertEquals([1, 170, 171, 256, 257, 512, 9999].map(ahead), [3, 3, 2, 2, 1, 1, 1]);
});

Deno.test("images are kept for the next epoch unless there is no room, and not read again", async () => {
  await withFolder({ sound: 6, broken: 0 }, async (folder) => {
    const { crop } = DecodePool.prototype;
    try {
      for (const cacheBytes of [undefined, 0]) {
        const jobs: CropJob[] = [];
        DecodePool.prototype.crop = function (sample, plan, job) {
          jobs.push(job);
          return crop.call(this, sample, plan, job);
        };
        await take(folder, 5, { workers: 1, prefetchBytes: 1, cacheBytes });
        const isReused = cacheBytes === undefined;
        assertEquals(jobs.slice(0, 4).map(({ isKept }) => isKept), Array(4).fill(isReused));
        const third = jobs.slice(12, 18); // the epoch after the one in which the last ones are kept
        assertEquals(third.map(({ image }) => image !== undefined), Array(6).fill(isReused));
        assertEquals(third.filter(({ isKept }) => isKept), []);
      }
    } finally {
      DecodePool.prototype.crop = crop;
    }
  });
});

Deno.test("unless told otherwise a tenth of the images may be broken, and not one more", async () => {
  const read = (sound: number, broken: number) =>
    withFolder({ sound, broken }, async (folder) => {
      await take(folder, 12, { workers: 2, maxBrokenFraction: undefined });
    });
  await read(36, 4);
  await assertRejects(() => read(35, 5), Error, "Cannot decode 5 of the first");
});

Deno.test("pictures are turned and large ones skipped where that is asked for, kept or not", async () => {
  await inTempFolder(async (root) => {
    const names = ["rotated_by_exif.jpg", "rgb.jpg", "alpha.png"]; // 40 x 30 pixels each
    for (const name of names) await Deno.copyFile(join(IMAGES, name), join(root, name));
    const folder = await scanImageFolder(root);
    for (const cacheBytes of [0, undefined]) {
      const shared = { workers: 1, cacheBytes };
      for (const exif of ["apply", "ignore"] as const) {
        const [{ values, indices }] = await take(folder, 1, {
          ...shared,
          decoding: { exif, maxPixels: 1200 },
        });
        assertEquals<unknown[]>(
          [...values],
          await expectedCrops(folder, { indices, iteration: 0 }, { exif }),
        );
      }
      using loader = new CropLoader(folder, {
        ...options,
        ...shared,
        decoding: { maxPixels: 1199 },
      });
      await assertRejects(() => Array.fromAsync(loader), Error, "Cannot decode 3 of the first 3");
      const reason = "40x30 pixels exceed the limit of 1199";
      assertEquals(loader.brokenFiles.map((file) => file.reason), [reason, reason, reason]);
    }
  });
});

Deno.test("a file of more than 50 scans is skipped with the reason, kept or not", async () => {
  await inTempFolder(async (root) => {
    const bytes = await Deno.readFile(join(IMAGES, "progressive.jpg"));
    await Deno.writeFile(join(root, "51.jpg"), withScans(bytes, 51));
    const folder = await scanImageFolder(root);
    for (const cacheBytes of [0, undefined]) {
      using loader = new CropLoader(folder, { ...options, workers: 1, cacheBytes });
      await assertRejects(() => Array.fromAsync(loader), Error, "more than 50 scans");
    }
  });
});

Deno.test("harmless damage is told, and the image that is waited for is named, with its worker", async () => {
  await inTempFolder(async (root) => {
    const sound = await Deno.readFile(join(IMAGES, "rgb.png"));
    await Deno.writeFile(join(root, "a.png"), sound.subarray(0, sound.length - 12)); // without its last chunk
    const notes: string[] = [];
    const onNote = (text: string) => notes.push(text);
    using loader = new CropLoader(await scanImageFolder(root), { ...options, workers: 1, onNote });
    const waiting = loader[Symbol.asyncIterator]().next();
    await Promise.resolve();
    assertEquals(loader.awaited, "a.png from worker 1 of 1");
    await waiting;
    assertEquals(loader.awaited, undefined);
    assertEquals(notes, ["a.png was read, but the PNG is cut off"]);
  });
});

Deno.test("a folder with too many broken files stops with their list", async () => {
  await withFolder({ sound: 4, broken: 6 }, async (folder) => {
    await assertRejects(
      () => take(folder, 10, { maxBrokenFraction: 0.1 }),
      Error,
      "more than the tolerated share of 0.1",
    );
  });
});

Deno.test("a loader that is closed while it waits ends quietly", async () => {
  await withFolder({ sound: 6, broken: 0 }, async (folder) => {
    const loader = new CropLoader(folder, { ...options, workers: 1 });
    const waiting = Array.fromAsync(loader);
    loader.close();
    assertEquals(await waiting, []);
  });
});

Deno.test("where no worker starts the loader ends with the reason, and skips nothing", async () => {
  await withFolder({ sound: 2, broken: 0 }, (folder) =>
    withStillbornWorkers(async () => {
      using loader = new CropLoader(folder, { ...options, workers: 1 });
      await assertRejects(() => Array.fromAsync(loader), Error, "Cannot start a worker");
      assertEquals(loader.brokenFiles, []);
    }));
});
