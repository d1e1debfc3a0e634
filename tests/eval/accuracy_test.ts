import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { accuracy } from "../../src/eval/accuracy.ts";

Deno.test("the interval is Wilson's", () => {
  const { percent, interval: [low, high] } = accuracy(81, 263); // an example of Newcombe 1998
  assertAlmostEquals(percent, 30.8, 0.01);
  assertAlmostEquals(low, 25.53, 0.01);
  assertAlmostEquals(high, 36.62, 0.01);
});

Deno.test("at none and all correct the interval stays within 0 and 100 %", () => {
  const none = accuracy(0, 20), all = accuracy(20, 20);
  assertEquals([none.percent, none.interval[0]], [0, 0]);
  assertEquals([all.percent, all.interval[1]], [100, 100]);
  assert(none.interval[1] > 10 && all.interval[0] < 90);
});
