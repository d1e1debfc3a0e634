import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import "../native.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import { multiCrop } from "../../src/data/augment/multi_crop.ts";
import { byteNormalization, imagenetNormalization } from "../../src/data/augment/normalize.ts";
import { decodeImage } from "../../src/data/codec/decode.ts";
import { CropLoader, type CropLoaderOptions } from "../../src/data/crop_loader.ts";
import type { ImageFolder } from "../../src/data/folder.ts";
import { scanImageFolder } from "../../src/data/sources/folder.ts";
import { scope } from "../../src/tensor/scope.ts";
import { inTempFolder } from "../temp_folder.ts";
import { withDyingWorkers } from "./dying_workers.ts";

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
  parts: 2,
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

Deno.test("crops do not depend on the number of workers, on what is kept or on how far ahead they are", async () => {
  await withFolder({ sound: 9, broken: 4 }, async (folder) => {
    const one = await take(folder, 8, { workers: 1 });
    assertEquals(await take(folder, 8, { workers: 3, cacheBytes: 0 }), one);
    assertEquals(await take(folder, 8, { workers: 2, prefetchBytes: 1 }), one);
    assertEquals(one.map(({ iteration }) => iteration), [0, 1, 2, 3, 4, 5, 6, 7]);
    assertNotEquals(one[0].values, one[1].values);
  });
});

Deno.test("crops are those of multiCrop for the images of the batch, part by part", async () => {
  await withFolder({ sound: 6, broken: 2 }, async (folder) => {
    const batches = await take(folder, 2, { workers: 2 });
    for (const { values, indices, iteration } of batches) {
      const images = await Promise.all(
        indices.map((index) =>
          decodeImage(Deno.readFileSync(join(folder.root, folder.paths[index])))
        ),
      );
      const expected = [0, 1].flatMap((part) =>
        scope(() => {
          const own = images.slice(2 * part, 2 * part + 2);
          const { globalCrops, localCrops } = multiCrop(own, config, {
            seed: 3,
            iteration,
            place: 2 * part,
          });
          return [...globalCrops.toArray(), ...localCrops!.toArray()];
        })
      );
      assertEquals([...values], expected);
    }
  });
});

Deno.test("a run that goes on from a batch's position sees what an unbroken run sees", async () => {
  await withFolder({ sound: 9, broken: 3 }, async (folder) => {
    const unbroken = await take(folder, 6, { workers: 2 });
    const { position, iteration } = unbroken[2];
    const resumed = await take(folder, 3, { workers: 1, position, iteration: iteration + 1 });
    assertEquals(resumed, unbroken.slice(3));
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
