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
  const side = { width: 4, height: 4 };
  assertEquals(centredBox({ width: 7, height: 4 }, side), { top: 0, left: 1, ...side });
  assertEquals(centredBox({ width: 4, height: 7 }, side), { top: 1, left: 0, ...side });
});

Deno.test("ratios reach from 3/4 to 4/3, evenly on a logarithmic scale", () => {
  const stream = new Stream(4, "test");
  const image = { width: 4000, height: 4000 };
  const logs = Array.from({ length: 4000 }, () => {
    const { width, height } = drawCropBox(image, [0.2, 0.5], stream);
    return Math.log(width / height) / Math.log(4 / 3);
  });
  assertAlmostEquals(Math.min(...logs), -1, 0.005);
  assertAlmostEquals(Math.max(...logs), 1, 0.005);
  const share = (end: number) => logs.filter((log) => log < end).length / logs.length;
  assertAlmostEquals(share(-0.5), 0.25, 0.02);
  assertAlmostEquals(share(0.5), 0.75, 0.02);
});

Deno.test("areas reach from the least to the greatest share, evenly", () => {
  const stream = new Stream(5, "test");
  const image = { width: 4000, height: 4000 };
  const shares = Array.from({ length: 4000 }, () => {
    const { width, height } = drawCropBox(image, [0.1, 0.5], stream);
    return width * height / 4000 ** 2;
  });
  assertAlmostEquals(Math.min(...shares), 0.1, 0.001);
  assertAlmostEquals(Math.max(...shares), 0.5, 0.001);
  assertAlmostEquals(shares.filter((share) => share < 0.2).length / 4000, 0.25, 0.02);
});

Deno.test("ten rectangles are tried, then the largest of an allowed ratio is taken from the middle", () => {
  const drawAfter = (misses: number) => {
    let tries = 0;
    const stream = { // area, then the ratio's logarithm
      uniform: (low: number, high: number) => low === high ? (tries++ < misses ? 4 : low) : 0,
      integer: () => 0,
    };
    return drawCropBox({ width: 30, height: 20 }, [0.06, 0.06], stream as unknown as Stream);
  };
  assertEquals(drawAfter(9), { top: 0, left: 0, width: 6, height: 6 });
  assertEquals(drawAfter(10), { top: 0, left: 1, width: 27, height: 20 });
});

Deno.test("a rectangle as large as the image fits, one of no pixels does not", () => {
  const draw = (side: number, share: number) => {
    const stream = { uniform: (low: number) => low < 0 ? 0 : low, integer: (low: number) => low };
    return drawCropBox({ width: side, height: side }, [share, share], stream as unknown as Stream);
  };
  assertEquals(draw(20, 1).width, 20);
  assertEquals(draw(4, 1 / 16).width, 1);
  assertEquals(draw(4, 0.01).width, 4, "0.4 pixels are none: the whole is taken");
});

Deno.test("a rectangle lies anywhere it fits, evenly", () => {
  const stream = new Stream(6, "test");
  const image = { width: 4000, height: 3000 };
  const places = Array.from({ length: 4000 }, () => {
    const { top, left, width, height } = drawCropBox(image, [0.1, 0.3], stream);
    return { down: top / (3000 - height), across: left / (4000 - width) };
  });
  for (const side of ["down", "across"] as const) {
    for (const share of [0.25, 0.5, 0.75]) {
      const before = places.filter((place) => place[side] < share).length;
      assertAlmostEquals(before / 4000, share, 0.025, side);
    }
  }
});
