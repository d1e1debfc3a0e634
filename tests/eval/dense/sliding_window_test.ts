import { assert, assertEquals, assertThrows } from "@std/assert";
import { slide, windowsOf } from "../../../src/eval/dense/sliding_window.ts";
import { assertClose, filled, testTensor } from "../../helpers.ts";

Deno.test("windows lie as mmsegmentation lays them", () => {
  const options = { size: 512, stride: 341 };
  const lefts = (width: number) =>
    windowsOf({ height: 512, width }, options).map(({ left }) => left);
  assertEquals(lefts(512), [0]);
  assertEquals(lefts(513), [0, 1]);
  assertEquals(lefts(853), [0, 341]);
  assertEquals(lefts(854), [0, 341, 342]);
  assertEquals(windowsOf({ height: 300, width: 600 }, options), [
    { top: 0, left: 0, height: 300, width: 512 },
    { top: 0, left: 88, height: 300, width: 512 },
  ]);
});

Deno.test("every pixel lies in a window, and every window in the image", () => {
  for (
    const [height, width, size, stride] of [[7, 23, 5, 3], [5, 5, 5, 5], [31, 9, 8, 8], [
      3,
      4,
      9,
      2,
    ]]
  ) {
    const seen = new Set<number>();
    for (const box of windowsOf({ height, width }, { size, stride })) {
      assert(box.top + box.height <= height && box.left + box.width <= width);
      for (let y = 0; y < box.height; y++) {
        for (let x = 0; x < box.width; x++) seen.add((box.top + y) * width + box.left + x);
      }
    }
    assertEquals(seen.size, height * width);
  }
});

Deno.test("strides that leave gaps are refused", () => {
  const lay = (stride: number) => () => windowsOf({ height: 9, width: 9 }, { size: 4, stride });
  for (const stride of [0, 5, NaN]) {
    assertThrows(lay(stride), RangeError, `Cannot slide a window of 4 by ${stride}: give 1 to 4`);
  }
});

testTensor("overlaps are averaged, however many windows are mapped at a time", () => {
  const image = filled([1, 3, 7, 11], (k) => Math.sin(k), { dtype: "float32" });
  const same = slide(image, { size: 4, stride: 3, batchSize: 2 }, (windows) => windows.mul(2));
  assertClose(same, image.mul(2));
  // Windows that differ: each gives its own mean.
  const means = (batchSize: number) =>
    slide(
      image,
      { size: 4, stride: 3, batchSize },
      (windows) => windows.mean([1, 2, 3], { keepdim: true }).expand([windows.shape[0], 1, 4, 4]),
    );
  const direct = Array.from({ length: 77 }, (_, place) => {
    const [y, x] = [Math.floor(place / 11), place % 11];
    const over = windowsOf({ height: 7, width: 11 }, { size: 4, stride: 3 }).filter((box) =>
      y >= box.top && y < box.top + 4 && x >= box.left && x < box.left + 4
    );
    const mean = ({ top, left }: { top: number; left: number }) =>
      image.narrow(2, top, 4).narrow(3, left, 4).mean().item();
    return over.reduce((sum, box) => sum + mean(box), 0) / over.length;
  });
  for (const batchSize of [1, 3, 100]) assertClose(means(batchSize), direct);
});
