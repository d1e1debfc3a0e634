import { assert, assertEquals } from "@std/assert";
import { bicubicWeights } from "../../../src/data/augment/bicubic_weights.ts";
import { imageTensor, resizedCrop } from "../../../src/data/augment/resize.ts";
import { areSmall, smallCrops } from "../../../src/data/augment/small_crops.ts";
import { Stream } from "../../../src/random/stream.ts";
import { stack } from "../../../src/tensor/create.ts";
import { assertClose, testTensor } from "../../helpers.ts";

const [WIDTH, HEIGHT] = [13, 17];
const stream = new Stream(0, "small crops");
const images = Array.from({ length: 3 }, () => ({
  width: WIDTH,
  height: HEIGHT,
  pixels: Uint8Array.from({ length: 3 * WIDTH * HEIGHT }, () => stream.integer(0, 255)),
}));

Deno.test("a span that keeps its size is copied, and one that is halved takes a wider filter", () => {
  const span = { start: 1, length: 4 };
  const same = bicubicWeights([span], 6, 4);
  assertEquals([...same.subarray(0, 6)], [0, 1, 0, 0, 0, 0]);
  assertEquals([...same.subarray(18)], [0, 0, 0, 0, 1, 0]);
  const half = bicubicWeights([span], 6, 2); // at 1/4, 1/4, 3/4 and 5/4 of the filter, cut off at the border
  const [a, b, c] = [0.8671875, 0.2265625, -0.0703125];
  const sum = a + a + b + c;
  [a / sum, a / sum, b / sum, c / sum].forEach((weight, i) => {
    assert(Math.abs(half[1 + i] - weight) < 1e-7, `weight ${i}: ${half[1 + i]}, not ${weight}`);
  });
  assertEquals([half[0], half[5]], [0, 0]);
});

testTensor("small images cropped all at once are those cropped one by one", () => {
  const crops = Array.from({ length: 40 }, (_, i) => {
    const [width, height] = [stream.integer(1, WIDTH), stream.integer(1, HEIGHT)];
    const left = stream.integer(0, WIDTH - width), top = stream.integer(0, HEIGHT - height);
    return { image: i % 3, box: { top, left, width, height } };
  });
  for (const size of [5, 16]) {
    const single = crops.map(({ image, box }) =>
      resizedCrop(imageTensor(images[image]), box, [size, size])
    );
    const far = smallCrops(images, crops, size).sub(stack(single).to({ dtype: "float32" })).abs();
    assert(far.max().item() <= 2, `a pixel is ${far.max().item()} levels off`);
    assert(far.mean().item() <= 0.02, `pixels are ${far.mean().item()} levels off on average`);
  }
});

testTensor("images of any number of channels are cropped alike", () => {
  const gray = { width: 4, height: 2, pixels: Uint8Array.of(0, 10, 20, 30, 40, 50, 60, 70) };
  const crop = { image: 0, box: { top: 0, left: 1, width: 2, height: 2 } };
  assertClose(smallCrops([gray], [crop], 2), [10, 20, 50, 60]);
  assertEquals(smallCrops([gray], [crop], 2).shape, [1, 1, 2, 2]);
});

Deno.test("only bytes of one size up to 32 pixels count as small", () => {
  const image = (width: number, height: number) => ({
    ...{ width, height },
    pixels: new Uint8Array(3 * width * height),
  });
  assert(areSmall([image(32, 16), image(32, 16)]));
  assert(!areSmall([image(32, 16), image(16, 32)]));
  assert(!areSmall([image(33, 16)]));
  assert(!areSmall([{ width: 2, height: 1, pixels: new Float32Array(6) }]));
});
