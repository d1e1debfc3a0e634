import { assertEquals } from "@std/assert";
import { splitMasks } from "../../src/dino/split_masks.ts";

Deno.test("A part gets both crops of its images, and its share of the upper bound", () => {
  // Four images of two patches: first crops, then second ones.
  const masks = Uint8Array.from([0, 0, 1, 0, 0, 1, 1, 1, /**/ 1, 0, 0, 0, 0, 1, 0, 0]);
  const [first, second] = splitMasks({ masks, upperbound: 7 }, 2);
  assertEquals([...first.masks], [0, 0, 1, 0, /**/ 1, 0, 0, 0]);
  assertEquals([...second.masks], [0, 1, 1, 1, /**/ 0, 1, 0, 0]);
  assertEquals([first.upperbound, second.upperbound], [4, 4]);
});

Deno.test("A batch in one part keeps its masks", () => {
  const sampled = { masks: Uint8Array.from([1, 0, 0, 1]), upperbound: 3 };
  assertEquals(splitMasks(sampled, 1), [sampled]);
});
