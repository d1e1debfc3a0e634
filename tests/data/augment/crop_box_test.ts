import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { centredBox, drawCropBox } from "../../../src/data/augment/crop_box.ts";
import { Stream } from "../../../src/random/stream.ts";

Deno.test("a crop lies in the image and has the area and ratio asked for", () => {
  const stream = new Stream(1, "test");
  const image = { width: 500, height: 375 };
  let area = 0, wide = 0;
  const draws = 4000;
  for (let i = 0; i < draws; i++) {
    const { top, left, width, height } = drawCropBox(image, [0.05, 0.32], stream);
    assert(top >= 0 && left >= 0 && top + height <= 375 && left + width <= 500);
    assert(width / height > 0.73 && width / height < 1.37);
    const share = width * height / (500 * 375);
    assert(share > 0.049 && share < 0.325);
    area += share / draws;
    wide += Number(width > height) / draws;
  }
  assertAlmostEquals(wide, 0.5, 0.03); // ratios are even on a logarithmic scale
  assertAlmostEquals(area, 0.185, 0.003); // the middle of an even distribution
});

Deno.test("every offset that fits comes up, the last included", () => {
  const stream = new Stream(2, "test");
  const lefts = new Set<number>();
  for (let i = 0; i < 500; i++) {
    lefts.add(drawCropBox({ width: 8, height: 8 }, [0.75, 0.75], stream).left);
  }
  assertEquals([...lefts].sort(), [0, 1, 2]);
});

Deno.test("images of any shape have a crop", () => {
  const stream = new Stream(3, "test");
  assertEquals(drawCropBox({ width: 1, height: 1 }, [0.05, 0.32], stream), {
    top: 0,
    left: 0,
    width: 1,
    height: 1,
  });
  assertEquals(drawCropBox({ width: 12000, height: 3 }, [0.32, 1], stream), {
    top: 0,
    left: 5998,
    width: 4,
    height: 3,
  });
  assertEquals(drawCropBox({ width: 3, height: 12000 }, [0.32, 1], stream).height, 4);
});

Deno.test("a centred box leaves the same on both sides, less below and right", () => {
  assertEquals(centredBox({ width: 7, height: 4 }, { width: 4, height: 4 }), {
    top: 0,
    left: 1,
    width: 4,
    height: 4,
  });
});
