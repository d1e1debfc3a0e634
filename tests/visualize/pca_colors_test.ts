import { assertEquals, assertThrows } from "@std/assert";
import { full, stack, tensor } from "../../src/tensor/create.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { pcaColors } from "../../src/visualize/pca_colors.ts";
import { assertClose, testTensor } from "../helpers.ts";

/**
 * A grid of 4 x 5 patches of width 8 in which the middle lies far off along axis 0 and differs along axes 2, 4 and 5,
 * less and less; the border differs among itself along axis 7, more than the middle does.
 */
function grid(middle: readonly (readonly [number, number, number])[]): Tensor {
  const pixel = (row: number, column: number) => {
    const isInside = row > 0 && row < 3 && column > 0 && column < 4;
    if (!isInside) return [0, 1, 0, 1, 0, 0, 0, (row + column) % 2 ? 9 : -9];
    const [a, b, c] = middle[3 * (row - 1) + column - 1];
    return [100, 1, a, 1, b, c, 0, 0];
  };
  const rows = Array.from(
    { length: 4 },
    (_, row) => stack(Array.from({ length: 5 }, (_, column) => tensor(pixel(row, column))), 1),
  );
  return stack(rows, 1); // [8, 4, 5]
}

// Uncorrelated over both images: three signs in every combination, and four zeros.
const first = [[8, 4, 2], [-8, 4, 2], [8, -4, 2], [-8, -4, 2], [0, 0, 0], [0, 0, 0]] as const;
const second = [[8, 4, -2], [-8, 4, -2], [8, -4, -2], [-8, -4, -2], [0, 0, 0], [0, 0, 0]] as const;

testTensor("the foreground's own components become red, green and blue over all images", () => {
  const colored = pcaColors([grid(first), grid(second)]);
  for (const [i, middle] of [first, second].entries()) {
    const { colors, foreground } = colored[i];
    assertEquals(foreground.toList(), [
      [0, 0, 0, 0, 0],
      [0, 1, 1, 1, 0],
      [0, 1, 1, 1, 0],
      [0, 0, 0, 0, 0],
    ]);
    const inside = colors.narrow(1, 1, 2).narrow(2, 1, 3).flatten(1).t(); // [6, 3]
    const expected = middle.map(([a, b, c]) => [(a + 8) / 16, (b + 4) / 8, (c + 2) / 4]);
    assertClose(inside, expected, { atol: 1e-6 });
    assertClose(colors.select(1, 0), Array<number>(15).fill(0), { atol: 0 });
  }
});

testTensor("the same features give the same colours whatever the order of the images", () => {
  const [a, b] = pcaColors([grid(first), grid(second)]);
  const [c, d] = pcaColors([grid(second), grid(first)]);
  assertClose(d.colors, a.colors, { atol: 1e-6 });
  assertClose(c.colors, b.colors, { atol: 1e-6 });
});

testTensor("without a mask every patch is coloured", () => {
  const [{ foreground }] = pcaColors([grid(first)], { foreground: "all" });
  assertEquals(foreground.to({ dtype: "int64" }).sum().item(), 20);
});

testTensor("a foreground of hardly a patch is refused with what helps", () => {
  const { message } = assertThrows(() => pcaColors([grid(first)], { threshold: 5 }), RangeError);
  assertEquals(
    message,
    'Cannot colour a foreground of 0 of 20 patches: lower the threshold, or choose foreground "all"',
  );
});

testTensor("four patches of foreground are the fewest that have three components", () => {
  const row = (values: readonly number[]) =>
    stack(values.map((value, i) => tensor([value, i % 2, i % 3])), 1).reshape([3, 1, -1]);
  const count = (values: readonly number[]) =>
    pcaColors([row(values)], { foreground: "positive" })[0].foreground.to({ dtype: "int64" }).sum()
      .item();
  assertEquals(count([100, 101, 102, 103, 0, 0, 0, 0]), 4);
  assertThrows(
    () => count([100, 101, 102, 0, 0, 0, 0, 0]),
    RangeError,
    "Cannot colour a foreground of 3 of 8 patches",
  );
});

testTensor("patches without any difference are black", () => {
  const [{ colors }] = pcaColors([full([4, 2, 3], 7)], { foreground: "all" });
  assertEquals([colors.dtype, ...new Set(colors.toArray() as Float32Array)], ["float32", 0]);
});
