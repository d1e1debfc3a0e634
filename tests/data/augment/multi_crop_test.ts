import { assert, assertEquals, assertThrows } from "@std/assert";
import { resolveConfig } from "../../../src/config/resolve.ts";
import { drawCrops, type DrawnCrop } from "../../../src/data/augment/draw_crops.ts";
import { multiCrop } from "../../../src/data/augment/multi_crop.ts";
import { assertClose, testTensor } from "../../helpers.ts";

const size = { global_crops_size: 16, local_crops_size: 8, local_crops_number: 3 };
const still = {
  horizontal_flip_p: 0,
  color_jitter_p: 0,
  grayscale_p: 0,
  global2_blur_p: 0,
  local_blur_p: 0,
  global2_solarize_p: 0,
};
const student = { patch_size: 8 };

/** An image of one colour. */
function plain(value: number, width = 20, height = 10) {
  return { width, height, pixels: new Uint8Array(width * height * 3).fill(value) };
}

/** An image without two pixels alike. */
function varied(width: number, height: number) {
  return {
    width,
    height,
    pixels: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37) % 251),
  };
}

testTensor("crops are laid out crop-major and normalised", () => {
  const config = resolveConfig({ crops: size, augmentation: still, student });
  const { globalCrops, localCrops } = multiCrop([plain(0), plain(255)], config, {
    seed: 0,
    iteration: 0,
  });
  assertEquals(globalCrops.shape, [4, 3, 16, 16]);
  assertEquals(localCrops!.shape, [6, 3, 8, 8]);
  const [black, white] = [-0.485 / 0.229, (1 - 0.485) / 0.229];
  const reds = (images: typeof globalCrops) => images.select(1, 0).mean([1, 2]);
  assertClose(reds(globalCrops), [black, white, black, white]);
  assertClose(reds(localCrops!), [black, white, black, white, black, white]);
});

testTensor("the same seed and iteration give the same crops, another iteration others", () => {
  const config = resolveConfig({ crops: size, student });
  const images = [varied(20, 10), varied(9, 30)];
  const make = (iteration: number) =>
    multiCrop(images, config, { seed: 3, iteration }).globalCrops.toArray();
  assertEquals(make(5), make(5));
  assert(make(5).some((value, i) => value !== make(6)[i]));
});

testTensor("a crop depends on its image's place, not on the images beside it", () => {
  const config = resolveConfig({ crops: size, student });
  const first = multiCrop([varied(20, 10)], config, { seed: 1, iteration: 0 }).globalCrops;
  const both = multiCrop([varied(20, 10), plain(9)], config, { seed: 1, iteration: 0 }).globalCrops;
  assertClose(both.select(0, 0), first.select(0, 0));
  assertClose(both.select(0, 2), first.select(0, 1));
});

testTensor("images of one pixel and of one row become crops", () => {
  const config = resolveConfig({ crops: size, student });
  const images = [varied(1, 1), varied(300, 1)];
  const { globalCrops } = multiCrop(images, config, { seed: 0, iteration: 0 });
  assert(globalCrops.isfinite().all().item() === 1);
});

testTensor("without local crops there are none", () => {
  const config = resolveConfig({ crops: { ...size, local_crops_number: 0 }, student });
  assertEquals(multiCrop([plain(3)], config, { seed: 0, iteration: 0 }).localCrops, null);
});

testTensor(
  "crops that are given are those of the seed that drew them, in bytes and in floats, and can be changed by hand",
  () => {
    const config = resolveConfig({ crops: size, student });
    const bytes = varied(20, 10);
    const floats = { ...bytes, pixels: Float32Array.from(bytes.pixels) };
    for (const image of [bytes, floats]) {
      const place = { seed: 4, iteration: 2, place: 6 };
      const drawn = drawCrops(image, config, place);
      const [seeded, given] = [place, { drawn: [drawn] }]
        .map((options) => multiCrop([image], config, options));
      assertEquals(given.globalCrops.toArray(), seeded.globalCrops.toArray());
      assertEquals(given.localCrops!.toArray(), seeded.localCrops!.toArray());

      const mirrored = drawn.map(({ draw, size }) => ({
        size,
        draw: { ...draw, flip: !draw.flip },
      }));
      const { globalCrops } = multiCrop([image], config, { drawn: [mirrored] });
      assertClose(globalCrops.flip([3]), seeded.globalCrops);
    }
  },
);

testTensor("given crops of another number or size, or beyond their image, are refused", () => {
  const config = resolveConfig({ crops: size, augmentation: still, student });
  const image = plain(7);
  const drawn = drawCrops(image, config, { seed: 0, iteration: 0, place: 0 });
  const refused = (given: readonly (readonly DrawnCrop[])[], message: string) =>
    assertThrows(() => multiCrop([image], config, { drawn: given }), RangeError, message);
  refused([], "Cannot crop 1 images by draws for 0");
  refused([drawn.slice(1)], "sides of 16, 8, 8, 8: the settings say 16, 16, 8, 8, 8");
  const at = (box: DrawnCrop["draw"]["box"]) => [
    [{ ...drawn[0], draw: { ...drawn[0].draw, box } }, ...drawn.slice(1)],
  ];
  const whole = { top: 0, left: 0, height: 10, width: 20 };
  for (
    const changed of [
      { top: 1 },
      { left: 1 },
      { height: 11 },
      { width: 21 },
      { top: -1 },
      {
        left: -1,
      },
      { height: 0 },
      { width: 0 },
    ]
  ) refused(at({ ...whole, ...changed }), "out of image 0, which has 20x10");
  assertEquals(multiCrop([image], config, { drawn: at(whole) }).globalCrops.shape[0], 2);
});
