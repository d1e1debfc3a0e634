import { assertEquals, assertThrows } from "@std/assert";
import { resolveConfig } from "../../../src/config/resolve.ts";
import { CropLayout } from "../../../src/data/augment/crop_layout.ts";

const settings = resolveConfig({
  student: { patch_size: 8 },
  crops: { global_crops_size: 16, local_crops_size: 8, local_crops_number: 3 },
});
const [GLOBAL, LOCAL] = [3 * 16 ** 2, 3 * 8 ** 2]; // values of a crop

Deno.test("a micro-batch has its global crops, then its local ones, each crop of all its images in a row", () => {
  const layout = new CropLayout(settings, { images: 4, microBatches: 2 });
  const length = 2 * (2 * GLOBAL + 3 * LOCAL); // of two images
  assertEquals(layout.microBatchLength, length);
  assertEquals(layout.group(1, 0), { offset: length, shape: [4, 3, 16, 16] });
  assertEquals(layout.group(1, 1), { offset: length + 4 * GLOBAL, shape: [6, 3, 8, 8] });
  const locals = length + 4 * GLOBAL;
  const second = [
    length + GLOBAL,
    length + 3 * GLOBAL,
    ...[1, 3, 5].map((i) => locals + i * LOCAL),
  ];
  assertEquals(layout.offsets(3), second); // the second image of the second micro-batch
  const all = [0, 1, 2, 3].flatMap((place) => layout.offsets(place)).sort((a, b) => a - b);
  assertEquals([all[0], all.at(-1), new Set(all).size], [0, 2 * length - LOCAL, 20]);
});

Deno.test("images that cannot be shared out evenly are refused", () => {
  assertThrows(
    () => new CropLayout(settings, { images: 5, microBatches: 2 }),
    RangeError,
    "Cannot make 2 equal micro-batches of 5 images",
  );
});
