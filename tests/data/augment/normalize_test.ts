import { assertEquals, assertThrows } from "@std/assert";
import { resolveConfig } from "../../../src/config/resolve.ts";
import {
  denormalizeImages,
  imagenetNormalization,
  normalizationOf,
  normalizeImages,
} from "../../../src/data/augment/normalize.ts";
import { tensor } from "../../../src/tensor/create.ts";
import { assertClose, testTensor } from "../../helpers.ts";

testTensor("channels lose ImageNet's mean and take its deviation, and get both back", () => {
  const bytes = tensor(Uint8Array.of(0, 255, 128), { shape: [1, 3, 1, 1] });
  const normalized = normalizeImages(bytes);
  const expected = [-0.485 / 0.229, (1 - 0.456) / 0.224, (128 / 255 - 0.406) / 0.225];
  assertClose(normalized, expected, { rtol: 1e-5 });
  assertClose(denormalizeImages(normalized), [0, 255, 128], { atol: 1e-4 });
});

Deno.test("other channels than three have the average of ImageNet's, each", () => {
  for (const channels of [1, 4]) {
    const { mean, std } = imagenetNormalization(channels);
    assertEquals([mean.length, std.length], [channels, channels]);
    assertClose([mean[0], mean[channels - 1]], [1.347 / 3, 1.347 / 3], { rtol: 1e-6 });
    assertClose([std[0], std[channels - 1]], [0.678 / 3, 0.678 / 3], { rtol: 1e-6 });
  }
});

Deno.test("a configuration's mean and deviation are taken, ImageNet's where it says so, of its channels", () => {
  const given = { ...resolveConfig().data, channels: 2, mean: [0.1, 0.2], std: [0.3, 0.4] };
  assertEquals(normalizationOf(given), { mean: [0.1, 0.2], std: [0.3, 0.4] });
  const { mean, std } = imagenetNormalization(2);
  assertEquals(normalizationOf({ ...given, mean: "imagenet" }), { mean, std: given.std });
  assertEquals(normalizationOf({ ...given, std: "imagenet" }), { mean: given.mean, std });
  for (const yet of [{ ...given, mean: "auto" as const }, { ...given, std: "auto" as const }]) {
    assertThrows(() => normalizationOf(yet), Error, "set data.mean and data.std");
  }
});
