import { assertEquals } from "@std/assert";
import { tensor } from "../../src/tensor/create.ts";
import { foregroundMasks, type ForegroundOptions } from "../../src/visualize/foreground.ts";
import { testTensor } from "../helpers.ts";

/** High in the middle of the first image; the second has a border only. */
const scores = [[[-1, -1, -1, -1], [-1, 4, 2, -1], [-1, -1, -1, -1]], [[-1, -1], [-1, -1]]];

function masks(sign: number, options?: ForegroundOptions): number[][][] {
  return foregroundMasks(scores.map((score) => tensor(score).mul(sign)), options)
    .map((mask) => mask.toList() as number[][]);
}

const middle = [[[0, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0]], [[0, 0], [0, 0]]];
const rest = middle.map((image) => image.map((row) => row.map((value) => 1 - value)));

testTensor("the side that images' borders lie less on is the foreground, whatever its sign", () => {
  assertEquals(masks(1), middle);
  assertEquals(masks(-1), middle);
});

testTensor("the side can be chosen by sign, and both taken", () => {
  assertEquals(masks(1, { foreground: "positive" }), middle);
  assertEquals(masks(1, { foreground: "negative" }), rest);
  assertEquals(masks(-1, { foreground: "positive" }), rest);
  const all = middle.map((image) => image.map((row) => row.map(() => 1)));
  assertEquals(masks(1, { foreground: "all" }), all);
});

testTensor(
  "the threshold counts standard deviations from the mean on the foreground's side",
  () => {
    // Mean -0.5, deviation 1.37: the 2 lies 1.82 deviations above the mean, the 4 lies 3.28.
    const peak = structuredClone(middle);
    peak[0][1][2] = 0;
    for (const sign of [1, -1]) {
      assertEquals(masks(sign, { threshold: 1.8 }), middle);
      assertEquals(masks(sign, { threshold: 1.9 }), peak);
    }
  },
);

testTensor("a patch just on the threshold is background", () => {
  const [mask] = foregroundMasks([tensor([[-1, 0, 1]])], { foreground: "positive" });
  assertEquals(mask.toList(), [[0, 0, 1]]);
});

testTensor("where borders decide nothing the positive side is taken", () => {
  const [mask] = foregroundMasks([tensor([[1, -1, 2], [-2, 3, -3]])]);
  assertEquals(mask.toList(), [[1, 0, 1], [0, 1, 0]]);
});

testTensor("of images of one or two rows or columns all is border", () => {
  const [narrow, tall] = foregroundMasks([tensor([[3, 1, 3]]), tensor([[0, 0], [0, 0], [0, 0]])]);
  assertEquals([narrow.toList(), tall.toList()], [[[1, 1, 1]], [[0, 0], [0, 0], [0, 0]]]);
  // Borders 2 lie above the mean of 1.78, so what lies below it is the foreground.
  const [square] = foregroundMasks([tensor([[2, 2, 2], [2, 0, 2], [2, 2, 2]])]);
  assertEquals(square.toList(), [[0, 0, 0], [0, 1, 0], [0, 0, 0]]);
});
