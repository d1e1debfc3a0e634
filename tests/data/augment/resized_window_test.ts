import { assertEquals } from "@std/assert";
import { imageTensor, resizedCrop } from "../../../src/data/augment/resize.ts";
import { resizedWindow } from "../../../src/data/augment/resized_window.ts";
import type { DecodedImage } from "../../../src/data/image.ts";
import { Stream } from "../../../src/random/stream.ts";
import { assertClose, testTensor } from "../../helpers.ts";

function noise(width: number, height: number): DecodedImage {
  const stream = new Stream(0, "noise", width, height);
  const length = 3 * width * height;
  return { width, height, pixels: Uint8Array.from({ length }, () => stream.integer(0, 255)) };
}

const cases: [name: string, sides: [number, number], size: [number, number]][] = [
  ["wide, in whole steps", [1500, 2], [66, 49500]],
  ["tall, in whole steps", [2, 1500], [49500, 66]],
  ["wide, without a common step", [1103, 7], [180, 28361]],
  ["tall, without a common step", [7, 1103], [28361, 180]],
  ["shrunk along one side", [2200, 2], [4300, 1100]],
];

for (const [name, [width, height], size] of cases) {
  testTensor(`a window of an image that would be too large is the whole's: ${name}`, () => {
    const image = imageTensor(noise(width, height));
    const whole = resizedCrop(image, { top: 0, left: 0, height, width }, size);
    const middle = size.map((side) => Math.floor(side / 2) - 20);
    const places = [[0, 0], middle, [size[0] - 40, size[1] - 40], [3, 1]];
    for (const [top, left] of places) {
      const found = resizedWindow(image, size, { top, left, height: 40, width: 40 });
      assertEquals([found.shape, found.dtype], [[3, 40, 40], "uint8"]);
      const expected = whole.narrow(1, top, 40).narrow(2, left, 40);
      assertEquals(found.ne(expected).sum().item(), 0, `at ${top}, ${left}`);
    }
  });
}

testTensor(
  "samples of 16 bits are the whole's but for rounding, and stay within their scale",
  () => {
    const { pixels, ...sides } = noise(1000, 2);
    const image = imageTensor({ ...sides, pixels: Float32Array.from(pixels) });
    const whole = resizedCrop(image, { top: 0, left: 0, height: 2, width: 1000 }, [100, 50000]);
    const box = { top: 30, left: 24_000, height: 40, width: 40 };
    const found = resizedWindow(image, [100, 50000], box);
    assertClose(found, whole.narrow(1, 30, 40).narrow(2, 24_000, 40), { atol: 0.05, rtol: 0 });
    const isWithin = found.ge(0).logicalAnd(found.le(255)).all().item();
    assertEquals([found.dtype, isWithin], ["float32", 1]);
  },
);
