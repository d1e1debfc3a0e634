import { assertEquals } from "@std/assert";
import type { CropBox } from "../../../src/data/augment/crop_box.ts";
import { imageTensor, resizedCrop } from "../../../src/data/augment/resize.ts";
import { trainTransform } from "../../../src/data/augment/train_transform.ts";
import { Stream } from "../../../src/random/stream.ts";
import { testTensor } from "../../helpers.ts";

/** An image whose red is the column and whose green is the row. */
function gradient(width: number, height: number) {
  const pixels = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++) pixels.set([i % width, Math.floor(i / width)], 3 * i);
  return { pixels, width, height };
}

testTensor("crops are square, lie anywhere, and are mirrored half the time", () => {
  const image = gradient(200, 100);
  let mirrored = 0;
  const left = new Set<number>();
  for (let i = 0; i < 200; i++) {
    const crop = trainTransform(image, 16, { stream: new Stream(0, "test", i) });
    assertEquals([crop.shape, crop.dtype], [[3, 16, 16], "uint8"]);
    const [red, green] = crop.toList() as number[][][];
    assertEquals(green[0][0] < green[15][0], true, "rows stay in their order");
    if (red[0][0] > red[0][15]) mirrored++;
    left.add(Math.min(red[0][0], red[0][15]));
  }
  assertEquals(mirrored > 70 && mirrored < 130, true, `${mirrored} of 200 are mirrored`);
  assertEquals(left.size > 50, true);
});

testTensor("crops have 8 to 100 % of the area, and one of two is mirrored", () => {
  const image = gradient(200, 100);
  const drawn = (end: "low" | "high", chance: number) => {
    const stream = {
      uniform: (low: number, high: number) => low < 0 ? 0 : { low, high }[end],
      integer: (low: number) => low,
      bernoulli: (p: number) => chance < p,
    };
    return trainTransform(image, 8, { stream: stream as unknown as Stream }).toList();
  };
  const expected = (box: CropBox) => resizedCrop(imageTensor(image), box, [8, 8]);
  const least = expected({ top: 0, left: 0, width: 40, height: 40 });
  assertEquals(drawn("low", 0.5), least.toList());
  assertEquals(drawn("low", 0.499), least.flip([2]).toList());
  const whole = expected({ top: 0, left: 33, width: 133, height: 100 }); // 141 x 141 pixels do not fit
  assertEquals(drawn("high", 0.5), whole.toList());
});
