import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Settings } from "../../src/config/schema.ts";
import { denormalizeImages } from "../../src/data/augment/normalize.ts";
import { makeBuiltinDataset } from "../../src/data/builtin/builtin.ts";
import { scanImageFolder } from "../../src/data/sources/folder.ts";
import type { DecodedImage } from "../../src/data/image.ts";
import { liveTensors } from "../../src/tensor/scope.ts";
import { makeBatch } from "../../src/train/make_batch.ts";
import { cropSheet, firstBatch } from "../../src/visualize/crops.ts";
import { assertClose, testTensor } from "../helpers.ts";
import { inTempFolder } from "../temp_folder.ts";

const settings: Settings = {
  student: { arch: "vit_nano", patch_size: 8 },
  train: { batch_size_per_gpu: 4 },
  crops: { global_crops_size: 32, local_crops_size: 16, local_crops_number: 3 },
};

const images = Array.from({ length: 4 }, (_, n): DecodedImage => ({
  width: 50 + n,
  height: 40,
  pixels: Uint8Array.from({ length: 3 * (50 + n) * 40 }, (_, i) => (31 * i * (n + 1)) % 256),
}));

testTensor("a row shows the image, then the very crops and masks of the step", () => {
  const config = resolveConfig(settings);
  const whole = cropSheet(images, config, 2);
  // 32 pixels are shown five times as large; images are 40 x 32 and 41 x 32 of them.
  assertEquals(whole.shape, [3, 2 * 160 + 18, 205 + 2 * 160 + 3 * 80 + 7 * 6]);
  const [{ globalCrops, localCrops, masks }] = makeBatch(images, config, {
    iteration: 0,
    device: "cpu",
  });
  const left = 6 + 205 + 6; // behind the second image
  const shown = (column: number, side: number) =>
    whole.narrow(1, 172, side).narrow(2, column, side).slice(1, 0, side, 5).slice(2, 0, side, 5)
      .to({ dtype: "float32" });
  const local = denormalizeImages(localCrops!).select(0, 2 * 4 + 1); // the third of image 1
  assertClose(shown(left + 2 * 166 + 2 * 86, 80), local, { atol: 0.501 });
  const violet = [124, 58, 200];
  for (const crop of [0, 1]) {
    const pixels = denormalizeImages(globalCrops).select(0, 4 * crop + 1);
    const mask = masks!.masks!.select(0, 4 * crop + 1).toArray();
    const seen = shown(left + crop * 166, 160);
    for (const [patch, isMasked] of mask.entries()) {
      const row = 8 * Math.floor(patch / 4) + 3, column = 8 * (patch % 4) + 5;
      const at = (image: typeof seen) => image.select(1, row).select(1, column);
      const covered = violet.map((value, c) => 0.8 * value + 0.2 * at(pixels).select(0, c).item());
      assertClose(at(seen), isMasked ? covered : at(pixels), { atol: 1.001, rtol: 0 });
    }
  }
});

testTensor("a step in parts shows what it would in one", () => {
  const parted = resolveConfig(settings, { train: { batch_size_per_gpu: 2, accumulate: 2 } });
  assertClose(cropSheet(images, parted, 4), cropSheet(images, resolveConfig(settings), 4));
});

testTensor(
  "pictures have the images' own colours, whatever the run normalises by, and gray stays gray",
  () => {
    const mean = [0.1, 0.5, 0.9], std = [0.5, 0.2, 0.1];
    const other = resolveConfig(settings, { data: { mean, std } });
    const usual = cropSheet(images, resolveConfig(settings), 4).to({ dtype: "float32" });
    assertClose(cropSheet(images, other, 4), usual, { atol: 1.001 });
  },
);

testTensor(
  "beside its crops an image is as high as they are, and a wide one no wider than two",
  () => {
    const shapeOf = (width: number, height: number) => {
      const pixels = new Uint8Array(3 * width * height).fill(9);
      const config = resolveConfig(settings, { crops: { local_crops_number: 0 } });
      return cropSheet([{ width, height, pixels }], config, 3).shape;
    };
    // 32 pixels are shown five times as large, beside two crops and four gaps.
    const sheet = (width: number) => [3, 160 + 2 * 6, width + 2 * 160 + 4 * 6];
    assertEquals(shapeOf(20, 40), sheet(80));
    assertEquals(shapeOf(80, 40), sheet(320));
    assertEquals(shapeOf(400, 40), sheet(320));
    assertEquals(shapeOf(1, 400), sheet(5));
  },
);

testTensor("some patches are masked, and none at a probability of 0", () => {
  const sheetOf = (extra: Settings) => cropSheet(images, resolveConfig(settings, extra), 4);
  const masked = sheetOf({}),
    plain = sheetOf({ ibot: { loss_weight: 0, mask_sample_probability: 0 } });
  assertEquals(masked.shape, plain.shape);
  assertNotEquals(masked.sub(plain).ne(0).to({ dtype: "int64" }).sum().item(), 0);
});

Deno.test("the same seed gives the same sheet from a folder, another seed another", async () => {
  await inTempFolder(async (root) => {
    await makeBuiltinDataset(join(root, "data"), { trainPerClass: 1, valPerClass: 1, size: 32 });
    const folder = await scanImageFolder(join(root, "data", "train"));
    const before = liveTensors();
    const pixels = async (seed: number, batch: number) => {
      const config = resolveConfig(settings, { train: { seed, batch_size_per_gpu: batch } });
      const images = await firstBatch(folder, config);
      assertEquals(images.length, Math.min(batch, 10));
      using whole = cropSheet(images, config, 3);
      return whole.toArray();
    };
    assertEquals(await pixels(1, 4), await pixels(1, 4));
    assertNotEquals(await pixels(1, 4), await pixels(2, 4));
    await pixels(1, 64); // more than there are
    assertEquals(liveTensors(), before);
  });
});

Deno.test("images are those that the run begins with: turned, bounded and skipped as its settings say", () =>
  inTempFolder(async (root) => {
    for (const name of ["rotated_by_exif.jpg", "rgb.png", "wide.png"]) {
      await Deno.copyFile(new URL(`../data/images/${name}`, import.meta.url), join(root, name));
    }
    const folder = await scanImageFolder(root);
    const sides = async (data: Settings["data"]) => {
      const images = await firstBatch(folder, resolveConfig(settings, { data }));
      return images.map(({ width, height }) => `${width}x${height}`).sort();
    };
    const max_pixels = 1200, max_broken_fraction = 0.4;
    assertEquals(await sides({ max_pixels, max_broken_fraction }), ["40x30", "40x30", "40x30"]);
    assertEquals(await sides({ exif: "apply" }), ["12000x3", "30x40", "40x30"]);
    await assertRejects(
      () => sides({ max_pixels, max_broken_fraction: 0 }),
      Error,
      "exceed the limit",
    );
  }));
