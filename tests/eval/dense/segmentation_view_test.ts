import { assert, assertEquals } from "@std/assert";
import type { DecodedImage } from "../../../src/data/image.ts";
import { Stream } from "../../../src/random/stream.ts";
import { segmentationProtocol } from "../../../src/eval/dense/segmentation_protocol.ts";
import {
  drawSegmentationView,
  segmentationViewImage,
  segmentationViewLabels,
} from "../../../src/eval/dense/segmentation_view.ts";
import { normalizeImages } from "../../../src/data/augment/normalize.ts";
import { full } from "../../../src/tensor/create.ts";
import { assertClose, testTensor } from "../../helpers.ts";

const calm = {
  brightness: null,
  contrast: null,
  isContrastFirst: true,
  saturation: null,
  hue: null,
};

/** An image whose grey is ten times its label. */
function picture(
  width: number,
  height: number,
  label: (x: number, y: number) => number,
): DecodedImage {
  const target = Uint8Array.from(
    { length: width * height },
    (_, i) => label(i % width, Math.floor(i / width)),
  );
  const pixels = Uint8Array.from(
    { length: 3 * target.length },
    (_, i) => 10 * target[Math.floor(i / 3)],
  );
  return { width, height, pixels, target };
}

testTensor("labels stay with their pixels through crop and flip, and padding is ignored", () => {
  const image = picture(6, 4, (x, y) => 4 * y + x);
  const box = { top: 1, left: 2, height: 3, width: 4 };
  for (const flip of [false, true]) {
    const draw = { size: [4, 6], box, flip, distortion: calm } as const;
    const labels = segmentationViewLabels(image, draw, 5);
    const row = [6, 7, 8, 9];
    assertEquals([...labels.subarray(0, 5)], [...flip ? row.toReversed() : row, 255]);
    assertEquals([...labels.subarray(15)], Array(10).fill(255));
    const view = segmentationViewImage(image, draw, { imageSize: 5 });
    const grey = (value: number) => normalizeImages(full([1, 3, 1, 1], value));
    for (const [place, label] of labels.entries()) {
      const [y, x] = [Math.floor(place / 5), place % 5];
      const pixel = view.narrow(2, y, 1).narrow(3, x, 1);
      assertClose(pixel, label === 255 ? [0, 0, 0] : grey(10 * label));
    }
  }
});

testTensor("gray images are normalised as their run did, and have no hue to distort", () => {
  const image = { width: 2, height: 2, pixels: Uint8Array.of(0, 51, 102, 153) };
  const box = { top: 0, left: 0, height: 2, width: 2 };
  const distortion = { ...calm, contrast: 0.5, saturation: 1.5, hue: 20 };
  const view = segmentationViewImage(image, { size: [2, 2], box, flip: false, distortion }, {
    imageSize: 2,
    normalization: { mean: [0.1], std: [0.2] },
  });
  assertEquals(view.shape, [1, 1, 2, 2]);
  assertClose(view, [-0.5, 0, 0.5, 1]); // 25.5 stays 25.5
});

testTensor("labels are enlarged without mixing", () => {
  const image = picture(2, 2, (x, y) => 2 * y + x);
  const draw = {
    size: [4, 6],
    box: { top: 0, left: 0, height: 4, width: 6 },
    flip: false,
    distortion: calm,
  } as const;
  const labels = segmentationViewLabels(image, draw, 6);
  assertEquals([...labels.subarray(0, 6)], [0, 0, 0, 1, 1, 1]);
  assertEquals([...labels.subarray(18, 24)], [2, 2, 2, 3, 3, 3]);
});

Deno.test("views have the drawn ratio, lie in the image and are a function of the stream", () => {
  const protocol = segmentationProtocol({ imageSize: 32 });
  const image = picture(40, 60, (x) => x % 2);
  const lefts = new Set<string>();
  let flips = 0, distorted = 0;
  const shorts = Array.from({ length: 200 }, (_, i) => {
    const draw = drawSegmentationView(image, protocol, new Stream(0, i));
    assertEquals(draw, drawSegmentationView(image, protocol, new Stream(0, i)));
    const { size: [rows, columns], box } = draw;
    assert(Math.abs(rows - 60 * columns / 40) <= 0.5);
    assert(box.top >= 0 && box.left >= 0);
    assert(box.top + box.height <= rows && box.left + box.width <= columns);
    assertEquals([box.height, box.width], [Math.min(32, rows), Math.min(32, columns)]);
    flips += draw.flip ? 1 : 0;
    distorted += draw.distortion.brightness === null ? 0 : 1;
    if (columns > 36) lefts.add(box.left === 0 ? "first" : box.left === columns - 32 ? "last" : "");
    return columns;
  });
  for (const count of [flips, distorted]) assert(Math.abs(count - 100) < 25, `${count} of 200`);
  assertEquals([...lefts].sort(), ["", "first", "last"]);
  const mean = shorts.reduce((sum, short) => sum + short, 0) / 200;
  assert(Math.abs(mean - 40) < 4, `short sides of ${mean} on average, evenly from 16 to 64`);
  assert(Math.min(...shorts) >= 16 && Math.min(...shorts) < 20);
  assert(Math.max(...shorts) <= 64 && Math.max(...shorts) > 60);
});

Deno.test("views in which one class fills more than three quarters are avoided", () => {
  const protocol = segmentationProtocol({ imageSize: 16 });
  const image = picture(256, 64, (x) => x < 236 ? 0 : 1);
  const share = (i: number) => {
    const draw = drawSegmentationView(image, { ...protocol, ratioRange: [1, 1] }, new Stream(1, i));
    return draw.box.left + 16 > 56 ? 1 : 0;
  };
  const mixed = Array.from({ length: 200 }, (_, i) => share(i)).reduce<number>((a, b) => a + b, 0);
  // One draw in 49 would see the second class at all.
  assert(mixed > 20, `${mixed} of 200 views see the second class`);
});

Deno.test("a class may fill less than three quarters, and ten further squares are tried", () => {
  const protocol = { ...segmentationProtocol({ imageSize: 16 }), ratioRange: [1, 1] as const };
  for (const [columns, isAllowed] of [[11, true], [12, false]] as const) {
    // Squares that begin in the first fifth hold so many columns of a class, the others little else.
    const isFull = (x: number) => x >= 64 || x % 16 < columns;
    const image = picture(256, 16, (x) => isFull(x) ? 0 : 1);
    const isMixed = (left: number) => {
      const full = Array.from({ length: 16 }, (_, x) => isFull(left + x)).filter(Boolean).length;
      return full < 12;
    };
    const share = Array.from({ length: 241 }, (_, left) => isMixed(left)).filter(Boolean).length /
      241;
    assertEquals(share > 0, isAllowed);
    const found = Array.from(
      { length: 500 },
      (_, i) => isMixed(drawSegmentationView(image, protocol, new Stream(2, i)).box.left),
    ).filter(Boolean);
    const expected = 1 - (1 - share) ** 11;
    assert(Math.abs(found.length / 500 - expected) < 0.04, `${found.length} of 500, ${expected}`);
    const first = Array.from(
      { length: 500 },
      (_, i) => drawSegmentationView(image, protocol, new Stream(2, i)).box.left <= 48,
    ).filter(Boolean);
    if (!isAllowed) assert(first.length < 150, `${first.length} of 500 hold three quarters`);
  }
});

Deno.test("pixels that count for nothing make no class and no share of a view", () => {
  const protocol = { ...segmentationProtocol({ imageSize: 16 }), ratioRange: [1, 1] as const };
  const mixedOf = (label: (x: number) => number, isMixed: (left: number) => boolean) => {
    const image = picture(256, 16, label);
    const draws = Array.from(
      { length: 100 },
      (_, i) => drawSegmentationView(image, protocol, new Stream(4, i)),
    );
    return draws.filter(({ box }) => isMixed(box.left)).length;
  };
  // One class beside ignored pixels on the left, two alike on the right, a quarter of all places.
  const one = mixedOf((x) => x < 176 ? [0, 255][x & 1] : x & 1, (left) => left > 176 - 14);
  assert(one > 90, `${one} of 100 views see two classes`);
  // Two classes alike among the few pixels that are labelled, and one on the right.
  const two = mixedOf((x) => x < 80 ? [0, 1, 255, 255][x & 3] : 0, (left) => left < 80 - 4);
  assert(two > 90, `${two} of 100 views see two classes`);
});
