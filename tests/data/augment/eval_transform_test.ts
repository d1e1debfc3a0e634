import { assertEquals, assertNotEquals } from "@std/assert";
import { evalTransform, shortSideFor } from "../../../src/data/augment/eval_transform.ts";
import { imageTensor, resizedCrop } from "../../../src/data/augment/resize.ts";
import type { DecodedImage } from "../../../src/data/image.ts";
import { Stream } from "../../../src/random/stream.ts";
import { assertClose, testTensor } from "../../helpers.ts";

function noise(width: number, height: number): DecodedImage {
  const stream = new Stream(0, "noise", width, height);
  const length = 3 * width * height;
  return { width, height, pixels: Uint8Array.from({ length }, () => stream.integer(0, 255)) };
}

testTensor("the long side is rounded down, and the centre taken to the even pixel", () => {
  // [width, height] with resize 10 for 6 pixels: the long side would be 16.67, 18.57, 11.67.
  for (
    const [width, height, rows, columns, top, left] of [
      [5, 3, 10, 16, 2, 5],
      [7, 13, 18, 10, 6, 2],
      [7, 6, 10, 11, 2, 2], // (11 - 6) / 2 = 2.5 becomes 2
      [13, 10, 10, 13, 2, 4], // (13 - 6) / 2 = 3.5 becomes 4
    ]
  ) {
    const image = noise(width, height);
    const whole = resizedCrop(imageTensor(image), { top: 0, left: 0, height, width }, [
      rows,
      columns,
    ]);
    const found = evalTransform(image, 6, { resize: 10 });
    assertClose(found, whole.narrow(1, top, 6).narrow(2, left, 6), { atol: 0, rtol: 0 });
  }
});

testTensor("224 pixels are cut from a short side of 256, other sizes from their own", () => {
  assertEquals([shortSideFor(224), shortSideFor(225), shortSideFor(98)], [256, 225, 98]);
  const image = noise(9, 9);
  const other = evalTransform(image, 224, { resize: 224 });
  assertNotEquals(evalTransform(image, 224).ne(other).sum().item(), 0);
  assertClose(evalTransform(image, 224), evalTransform(image, 224, { resize: 256 }), { atol: 0 });
});

testTensor("an image of a million to one takes hardly more than what is seen of it", () => {
  const pixels = new Uint8Array(3_000_000).map((_, i) => Math.floor(i / 3) % 2 * 255);
  const seen = evalTransform({ width: 1_000_000, height: 1, pixels }, 224); // 256 x 256,000,000 whole
  assertEquals(seen.shape, [3, 224, 224]);
  assertEquals(seen.select(1, 0).ne(seen.select(1, 100)).sum().item(), 0, "its rows are alike");
  assertNotEquals(seen.ne(seen.narrow(2, 0, 1)).sum().item(), 0, "its columns differ");
});

testTensor("a border has the values asked for, around an image however thin", () => {
  const image = { width: 400, height: 1, pixels: new Uint8Array(1200).fill(200) };
  const seen = evalTransform(image, 8, { resize: 8, cropMode: "border", fill: [10, 20, 30] });
  const [red, , blue] = seen.toList() as number[][][];
  assertEquals([red[0][0], blue[7][7]], [10, 30]);
  assertEquals(red.flat().filter((value) => value === 200).length, 8);
  const tall = evalTransform({ ...image, width: 1, height: 400 }, 8, {
    resize: 8,
    cropMode: "border",
  });
  assertEquals(
    tall.toList(),
    seen.eq(200).to({ dtype: "uint8" }).mul(200).transpose(1, 2).toList(),
  );
});

testTensor(
  "a border is as wide on both sides, one pixel wider below and right where that cannot be",
  () => {
    const pixels = new Uint8Array(3 * 8 * 3).fill(200);
    const border = (width: number, height: number) => {
      const seen = evalTransform({ width, height, pixels }, 8, { resize: 8, cropMode: "border" });
      const bright = (seen.toList() as number[][][])[0].map((row) => row.map((value) => value > 0));
      return [bright.findIndex((row) => row.includes(true)), bright.flat().indexOf(true) % 8];
    };
    assertEquals([border(8, 3), border(3, 8)], [[2, 0], [0, 2]]); // of five pixels two and three
  },
);
