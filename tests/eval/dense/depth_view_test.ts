import { assert, assertEquals, assertThrows } from "@std/assert";
import { normalizeImages } from "../../../src/data/augment/normalize.ts";
import type { DecodedImage } from "../../../src/data/image.ts";
import { Stream } from "../../../src/random/stream.ts";
import { depthProtocol } from "../../../src/eval/dense/depth_protocol.ts";
import { depthView, drawDepthView } from "../../../src/eval/dense/depth_view.ts";
import { rotate } from "../../../src/eval/dense/rotate.ts";
import { tensor } from "../../../src/tensor/create.ts";
import { assertClose, filled, testTensor } from "../../helpers.ts";

/** An image whose grey is ten times its depth. */
function picture(width: number, height: number): DecodedImage {
  const target = Float32Array.from({ length: width * height }, (_, i) => i % 25 + 0.5);
  const pixels = Uint8Array.from(
    { length: 3 * target.length },
    (_, i) => 10 * target[Math.floor(i / 3)],
  );
  return { width, height, pixels, target };
}

testTensor(
  "depths stay with their pixels through window, flip and crop, and padding is unknown",
  () => {
    const draw = {
      window: { top: 1, left: 1, height: 3, width: 4 },
      degrees: null,
      flip: true,
      box: { top: 1, left: 0, height: 2, width: 3 },
      colours: null,
    };
    const { image, depth } = depthView(picture(6, 4), draw, { cropSize: [3, 3] });
    const rows = [[16, 15, 14], [22, 21, 20]].map((row) => row.map((value) => value + 0.5));
    assertClose(depth, [...rows, [0, 0, 0]]);
    const grey = normalizeImages(
      tensor(rows.flat().map((value) => 10 * value), { shape: [1, 1, 2, 3] }).expand([1, 3, 2, 3]),
    );
    assertClose(image.narrow(2, 0, 2), grey);
    assertClose(image.narrow(2, 2, 1), Array(9).fill(0));
  },
);

testTensor("colours change by gamma on the unit scale and a factor for each channel", () => {
  const image = {
    width: 1,
    height: 1,
    pixels: Uint8Array.of(51, 102, 255),
    target: Float32Array.of(1),
  };
  const box = { top: 0, left: 0, height: 1, width: 1 };
  const colours = { gamma: 2, factors: [1, 0.5, 3] as const };
  const view = depthView(image, { window: box, degrees: null, flip: false, box, colours }, {
    cropSize: [1, 1],
  });
  const expected = [0.04, 0.08, 1].map((value) => 255 * value);
  assertClose(view.image, normalizeImages(tensor(expected, { shape: [1, 3, 1, 1] })), {
    rtol: 1e-4,
  });
});

testTensor("a turn by 90 degrees moves pixels clockwise, one by 0 none, and outside is 0", () => {
  const x = filled([1, 1, 3, 3], (k) => k + 1, { dtype: "float32" });
  for (const sampling of ["bilinear", "nearest"] as const) {
    assertClose(rotate(x, 0, sampling), x);
    assertClose(rotate(x, 90, sampling), [7, 4, 1, 8, 5, 2, 9, 6, 3], { atol: 1e-4 });
  }
  const wide = filled([1, 1, 5, 5], () => 1, { dtype: "float32" });
  const corners = rotate(wide, 45, "nearest").toArray() as Float32Array;
  assertEquals([corners[0], corners[12], corners[24]], [0, 1, 0]);
});

testTensor("images wider than high are turned about their middle as well", () => {
  const x = filled([1, 1, 2, 4], (k) => k + 1, { dtype: "float32" });
  for (const sampling of ["bilinear", "nearest"] as const) {
    assertClose(rotate(x, 180, sampling), [8, 7, 6, 5, 4, 3, 2, 1], { atol: 1e-4 });
  }
});

testTensor(
  "the window is turned, then mirrored, then cut: colours between pixels, depths never mixed",
  () => {
    const source = picture(9, 8);
    const window = { top: 1, left: 1, height: 6, width: 7 };
    const draw = {
      ...{ window, degrees: 20, flip: true, colours: null },
      box: { top: 1, left: 2, height: 4, width: 4 },
    };
    const normalization = { mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] };
    const { image, depth } = depthView(source, draw, { cropSize: [4, 4], normalization });
    const turned = (values: Iterable<number>, sampling: "bilinear" | "nearest") => {
      const whole = tensor(Float32Array.from(values), { shape: [1, 1, 8, 9] });
      return rotate(whole.narrow(2, 1, 6).narrow(3, 1, 7), 20, sampling).flip([3])
        .narrow(2, 1, 4).narrow(3, 2, 4);
    };
    const depths = source.target as Float32Array;
    assertClose(depth, turned(depths, "nearest"), { atol: 0 });
    const known = new Set([0, ...depths]);
    assert((depth.toArray() as Float32Array).every((value) => known.has(value)));
    const grey = turned(depths.map((value) => Math.floor(10 * value)), "bilinear");
    assertClose(image.narrow(1, 0, 1), grey, { atol: 1e-3 });
  },
);

Deno.test("views are a function of the stream and lie in their windows", () => {
  const protocol = depthProtocol({ dataset: "plain", cropSize: [8, 12] });
  const draws = Array.from({ length: 200 }, (_, i) => {
    const draw = drawDepthView(picture(20, 10), protocol, new Stream(0, i));
    assertEquals(draw, drawDepthView(picture(20, 10), protocol, new Stream(0, i)));
    const { box, degrees } = draw;
    assert(box.top + box.height <= 10 && box.left + box.width <= 20);
    assertEquals([box.height, box.width], [8, 12]);
    assert(degrees === null || Math.abs(degrees) <= 2.5);
    return draw;
  });
  const places = (side: "top" | "left") => new Set(draws.map(({ box }) => box[side])).size;
  assertEquals([places("top"), places("left")], [3, 9], "all places are cut out");
  const turned = draws.filter(({ degrees }) => degrees !== null).length;
  assert(turned > 70 && turned < 130);
});

Deno.test("NYU and KITTI have their windows, and NYU its size", () => {
  const nyu = depthProtocol();
  assertEquals([nyu.maxDepth, nyu.cropSize, nyu.layers], [10, [416, 544], 1]);
  const size = { height: 480, width: 640 };
  assertEquals(nyu.trainWindow(size), { top: 45, left: 43, height: 427, width: 565 });
  assertEquals(nyu.evalWindow(size), { top: 45, left: 41, height: 426, width: 560 });
  assertThrows(
    () => nyu.evalWindow({ height: 48, width: 64 }),
    RangeError,
    'choose the data set "plain"',
  );
  const kitti = depthProtocol({ dataset: "kitti" });
  assertEquals([kitti.maxDepth, kitti.cropSize], [80, [352, 704]]);
  // Garg's window of 352 x 1216 pixels: rows 143 to 349, columns 43 to 1172.
  assertEquals(kitti.evalWindow({ height: 352, width: 1216 }), {
    top: 143,
    left: 43,
    height: 206,
    width: 1129,
  });
  assertThrows(
    () => depthProtocol({ maxDepth: 0 }),
    RangeError,
    "Cannot estimate depths up to 0 m",
  );
  assertThrows(() => depthProtocol({ cropSize: [0, 4] }), RangeError, "views of 0 x 4 pixels");
});

Deno.test("turns, gamma, brightness and colours are drawn evenly from the reference's ranges", () => {
  const protocol = depthProtocol({ dataset: "plain", cropSize: [8, 12] });
  const image = picture(20, 10);
  const draws = Array.from(
    { length: 2000 },
    (_, i) => drawDepthView(image, protocol, new Stream(1, i)),
  );
  const spans = (values: number[], low: number, high: number) => {
    const slack = (high - low) / 50;
    const [least, greatest] = [Math.min(...values), Math.max(...values)];
    assert(least >= low && least < low + slack, `from ${least}, not ${low}`);
    assert(greatest <= high && greatest > high - slack, `to ${greatest}, not ${high}`);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    assert(Math.abs(mean - (low + high) / 2) < (high - low) / 20, `a mean of ${mean}`);
  };
  const colours = draws.flatMap(({ colours }) => colours ?? []);
  spans(draws.flatMap(({ degrees }) => degrees ?? []), -2.5, 2.5);
  spans(colours.map(({ gamma }) => gamma), 0.9, 1.1);
  // A channel's factor is brightness, 0.75 to 1.25, times 0.9 to 1.1; two channels differ by at most 1.1 / 0.9.
  const factors = colours.flatMap(({ factors }) => factors);
  assert(Math.min(...factors) > 0.675 && Math.min(...factors) < 0.7, `${Math.min(...factors)}`);
  assert(Math.max(...factors) < 1.375 && Math.max(...factors) > 1.34, `${Math.max(...factors)}`);
  const ratios = colours.map(({ factors }) => factors[0] / factors[1]);
  assert(Math.max(...ratios) < 11 / 9 && Math.max(...ratios) > 1.18, `${Math.max(...ratios)}`);
  for (const share of [colours.length, draws.filter(({ flip }) => flip).length]) {
    assert(Math.abs(share / 2000 - 0.5) < 0.04, `${share} of 2000`);
  }
});
