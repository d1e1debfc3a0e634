import "../native.ts";
import { assertEquals, assertNotEquals } from "@std/assert";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Config, Settings } from "../../src/config/schema.ts";
import { multiCrop } from "../../src/data/augment/multi_crop.ts";
import type { DecodedImage } from "../../src/data/image.ts";
import { Stream } from "../../src/random/stream.ts";
import { scope } from "../../src/tensor/scope.ts";
import { makeBatch } from "../../src/train/make_batch.ts";
import { sampleMasks } from "../../src/vit/masking.ts";
import { assertClose } from "../helpers.ts";

const images: DecodedImage[] = Array.from({ length: 4 }, (_, i) => {
  const stream = new Stream(1, "image", i);
  const pixels = Uint8Array.from({ length: 3 * 40 * 40 }, () => stream.integer(0, 255));
  return { width: 40, height: 40, pixels };
});

function configured(...settings: Settings[]): Config {
  return resolveConfig({
    student: { arch: "vit_nano", patch_size: 8 },
    crops: { global_crops_size: 32, local_crops_size: 16, local_crops_number: 2 },
    train: { seed: 5, batch_size_per_gpu: 4 },
  }, ...settings);
}

const options = { iteration: 7, device: "cpu" } as const;

Deno.test("crops, masks and what stochastic depth keeps are those of the seed and the iteration", () => {
  scope(() => {
    const config = configured();
    const [batch] = makeBatch(images, config, options);
    const crops = multiCrop(images, config, { seed: 5, iteration: 7, place: 0, device: "cpu" });
    assertClose(batch.globalCrops, crops.globalCrops, { atol: 0 });
    assertClose(batch.localCrops!, crops.localCrops!, { atol: 0 });
    const sampled = sampleMasks(
      { crops: 8, grid: 4, probability: 0.5, ratio: [0.1, 0.5] },
      new Stream(5, "masks", 7),
    );
    assertEquals([...batch.masks!.masks!.flatten().toArray()].map(Number), [...sampled.masks]);
    assertEquals(batch.masks!.indices.shape, [sampled.upperbound]);
    const kept = new Stream(5, "stochastic depth", 7);
    for (const size of [8, 3]) {
      assertEquals(Array.from(batch.permutation(size), Number), [...kept.permutation(size)]);
    }
    const [next] = makeBatch(images, config, { ...options, iteration: 8 });
    assertNotEquals(next.globalCrops.toList(), batch.globalCrops.toList());
  });
});

Deno.test("micro-batches divide the images and the masks of the whole batch in order", () => {
  scope(() => {
    const [whole] = makeBatch(images, configured(), options);
    const half = configured({ train: { batch_size_per_gpu: 2, accumulate: 2 } });
    const parts = makeBatch(images, half, options);
    const rows = (crop: number) => [0, 1].map((i) => whole.globalCrops.select(0, 4 * crop + i));
    assertClose(parts[0].globalCrops.select(0, 0), rows(0)[0], { atol: 0 });
    assertClose(parts[0].globalCrops.select(0, 2), rows(1)[0], { atol: 0 });
    assertClose(parts[1].globalCrops.select(0, 0), whole.globalCrops.select(0, 2), { atol: 0 });
    const masked = (batches: typeof parts) =>
      batches.reduce((sum, { masks }) => sum + Number(masks!.masks!.sum().item()), 0);
    assertEquals(masked(parts), masked([whole]));
  });
});

Deno.test("where no crop is masked every patch counts, and without a loss of patches none is named", () => {
  scope(() => {
    const distilled: Settings = {
      teacher: { pretrained_weights: "/t" },
      ibot: { mask_sample_probability: 0 },
    };
    const [every] = makeBatch(images, configured(distilled), options);
    assertEquals([every.masks!.masks, every.masks!.count], [null, 8 * 16]);
    const [none] = makeBatch(
      images,
      configured(distilled, { ibot: { loss_weight: 0 } }),
      options,
    );
    assertEquals(none.masks, null);
  });
});
