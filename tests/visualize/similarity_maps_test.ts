import { assertEquals, assertThrows } from "@std/assert";
import { tensor } from "../../src/tensor/create.ts";
import { patchAt, similarityMaps } from "../../src/visualize/similarity_maps.ts";
import { assertClose, testTensor } from "../helpers.ts";

testTensor("similarity to a patch is the cosine of the angle between features", () => {
  // Width 2, so that features are arrows: [D, rows, columns].
  const first = tensor([[[3, 0], [-6, 1]], [[0, 2], [0, 1]]]);
  const second = tensor([[[4, 4, 0]], [[3, -3, 0]]]);
  const maps = similarityMaps([first, second], { image: 0, row: 0, column: 0 });
  assertClose(maps[0], [[1, 0], [-1, Math.SQRT1_2]]);
  assertClose(maps[1], [[0.8, 0.8, 0]]);
  const other = similarityMaps([first, second], { image: 1, row: 0, column: 1 });
  assertClose(other[0], [[0.8, -0.6], [-0.8, 0.2 * Math.SQRT1_2]]);
  assertClose(other[1], [[1 - 2 * 0.36, 1, 0]]);
});

Deno.test("a point lies in the patch that covers it", () => {
  const image = { width: 300, height: 100 };
  assertEquals(patchAt([0, 0], image, [4, 12]), { row: 0, column: 0 });
  assertEquals(patchAt([24.9, 25], image, [4, 12]), { row: 1, column: 0 });
  assertEquals(patchAt([299, 99.9], image, [4, 12]), { row: 3, column: 11 });
});

Deno.test("a point outside the image is refused", () => {
  for (const point of [[300, 0], [0, 100], [-1, 0], [0, NaN]] as [number, number][]) {
    assertThrows(
      () => patchAt(point, { width: 300, height: 100 }, [4, 12]),
      RangeError,
      "in an image of 300 x 100 pixels: x goes from 0 to 299, y from 0 to 99",
    );
  }
});
