import { assert, assertEquals } from "@std/assert";
import { resolveConfig } from "../../../src/config/resolve.ts";
import { applyViews } from "../../../src/data/augment/apply_view.ts";
import { evalTransform } from "../../../src/data/augment/eval_transform.ts";
import { drawCrops } from "../../../src/data/augment/draw_crops.ts";
import { multiCrop } from "../../../src/data/augment/multi_crop.ts";
import { imageTensor, resizedCrop } from "../../../src/data/augment/resize.ts";
import { full } from "../../../src/tensor/create.ts";
import { Generator, rand } from "../../../src/tensor/random.ts";
import { assertClose, testTensor } from "../../helpers.ts";

const still = { box: { top: 0, left: 0, height: 4, width: 4 }, flip: false, jitter: null };
const plain = { ...still, grayscale: false, sigma: null, solarize: false };

testTensor("other channels than RGB have brightness, and neither hue nor gray", () => {
  using generator = new Generator(0);
  for (const channels of [1, 2, 5, 16]) {
    const before = rand([1, channels, 4, 4], { generator }).mul(100);
    const views = before.clone();
    const jitter = { order: [0, 1, 2, 3], strength: [1.5, 1, 0, 0.3] };
    applyViews(views, [{ ...plain, jitter, grayscale: true }]);
    assertClose(views, before.mul(1.5), { atol: 1e-4 });
  }
});

testTensor("contrast of other channels goes towards the mean of all", () => {
  const views = full([1, 2, 2, 2], 100);
  views.select(1, 1).fill_(200);
  applyViews(views, [{ ...plain, jitter: { order: [1, 0, 2, 3], strength: [1, 0.5, 1, 0] } }]);
  assertClose(views.select(1, 0), full([1, 2, 2], 125));
  assertClose(views.select(1, 1), full([1, 2, 2], 175));
  const jitter = { order: [1, 0, 2, 3], strength: [1, 0, 1, 0] };
  const both = full([2, 2, 2, 2], 100);
  both.select(0, 1).fill_(40);
  applyViews(both, [{ ...plain, jitter }, { ...plain, jitter }]);
  assertClose(both.select(0, 0), full([2, 2, 2], 100));
  assertClose(both.select(0, 1), full([2, 2, 2], 40));
});

testTensor("images of 8 and 16 bits make crops together, normalised by the configuration", () => {
  const data = { channels: 2, mean: [0.5, 0], std: [0.5, 1] };
  const config = resolveConfig({
    train: { dataset_path: "images" },
    crops: { global_crops_size: 32, local_crops_number: 0 },
    augmentation: { color_jitter_p: 0, global2_blur_p: 0, global2_solarize_p: 0 },
    data,
  });
  const even = (pixels: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>) => ({
    ...{ width: 40, height: 40 },
    pixels: pixels.fill(51),
  });
  const images = [even(new Uint8Array(3200)), even(new Float32Array(3200))];
  const { globalCrops } = multiCrop(images, config, { seed: 0, iteration: 0 });
  assertEquals(globalCrops.shape, [4, 2, 32, 32]);
  assertClose(globalCrops.select(1, 0), full([4, 32, 32], -0.6), { atol: 1e-5 });
  assertClose(globalCrops.select(1, 1), full([4, 32, 32], 0.2), { atol: 1e-5 });
});

testTensor("16 bits are resized without being rounded", () => {
  const pixels = Float32Array.from({ length: 64 }, (_, i) => 10.3 + (i % 8) * 0.01);
  const seen = evalTransform({ width: 8, height: 8, pixels }, 4);
  assertEquals(seen.dtype, "float32");
  const values = seen.toArray() as Float32Array;
  assert(new Set(values).size > 3, "differences below a level are gone");
});

testTensor(
  "local crops of other channels are those that were drawn behind the global ones, image by image",
  () => {
    const calm = { horizontal_flip_p: 0, color_jitter_p: 0, grayscale_p: 0, global2_blur_p: 0 };
    const config = resolveConfig({
      train: { dataset_path: "images" },
      crops: { local_crops_number: 2 },
      augmentation: { ...calm, local_blur_p: 0, global2_solarize_p: 0 },
      data: { channels: 2, mean: [0, 0], std: [1 / 255, 1 / 255] },
    });
    const images = [3, 5].map((step) => ({
      ...{ width: 60, height: 50 },
      pixels: Uint8Array.from({ length: 6000 }, (_, i) => i * step),
    }));
    const { localCrops } = multiCrop(images, config, { seed: 1, iteration: 2, place: 4 });
    assertEquals(localCrops!.shape, [4, 2, 96, 96]);
    for (const [i, image] of [0, 1, 0, 1].entries()) {
      const place = { seed: 1, iteration: 2, place: 4 + image };
      const { draw } = drawCrops(images[image], config, place)[2 + Math.floor(i / 2)];
      const crop = resizedCrop(imageTensor(images[image]), draw.box, [96, 96]);
      assertClose(localCrops!.select(0, i), crop.to({ dtype: "float32" }), { atol: 0.01 });
    }
  },
);
