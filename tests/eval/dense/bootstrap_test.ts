import { assert, assertEquals } from "@std/assert";
import { bootstrapIntervals } from "../../../src/eval/dense/bootstrap.ts";

/** The mean of 400 numbers from 0 to 399. */
const mean = (draw: readonly number[]) => draw.reduce((a, b) => a + b, 0) / draw.length;

Deno.test("intervals hold 95 % of the means of draws with replacement", () => {
  const sizes = new Set<number>();
  let draws = 0;
  const [[low, high]] = bootstrapIntervals(400, (draw) => {
    draws++;
    sizes.add(draw.length);
    return [mean(draw)];
  });
  assertEquals([draws, [...sizes]], [1000, [400]]);
  const error = 115.5 / 20; // the standard deviation of the numbers by the root of how many there are
  assert(Math.abs(low - (199.5 - 1.96 * error)) < 1.2, `${low}`);
  assert(Math.abs(high - (199.5 + 1.96 * error)) < 1.2, `${high}`);
});

Deno.test("the ends are the 2.5th and 97.5th percentiles, without what is not a number", () => {
  let draw = 0;
  const counted = bootstrapIntervals(1, () => [draw, draw++ % 2 === 0 ? NaN : draw]);
  assertEquals(counted[0], [25, 974]);
  assertEquals(counted[1], [2 * (12 + 1), 2 * (487 + 1)]); // 2, 4, … 1000
  let below = 0;
  assertEquals(bootstrapIntervals(1, () => [-(below++)]), [[-974, -25]]);
  assertEquals(bootstrapIntervals(9, (d) => [mean(d)]), bootstrapIntervals(9, (d) => [mean(d)]));
});
