import { assertEquals } from "@std/assert";
import {
  denormalizeImages,
  imagenetNormalization,
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
