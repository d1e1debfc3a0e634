import { assertEquals } from "@std/assert";
import { lastUpTo } from "../../../src/data/sources/last_up_to.ts";

Deno.test("the last number up to one is found, of equal ones the last, and the first where all are above", () => {
  const starts = [0, 3, 3, 7];
  assertEquals([0, 2, 3, 6, 7, 100].map((most) => lastUpTo(starts, most)), [0, 0, 2, 2, 3, 3]);
  assertEquals([lastUpTo([5, 6], 4), lastUpTo([], 1)], [0, 0]);
});
