import { assertEquals } from "@std/assert";
import { Meter } from "../../src/train/meter.ts";

Deno.test("the median of an even count is the lower one, as in the reference", () => {
  const meter = new Meter([4, 1, 3, 2]);
  assertEquals(meter.median, 2);
  meter.update(9);
  assertEquals(meter.median, 3);
});

Deno.test("only the last 20 values count", () => {
  const meter = new Meter();
  for (let i = 0; i < 25; i++) meter.update(i);
  assertEquals(meter.recent, Array.from({ length: 20 }, (_, i) => i + 5));
  assertEquals(meter.mean, 14.5);
  assertEquals(meter.median, 14);
});

Deno.test("a meter without values knows no median", () => {
  assertEquals([new Meter().median, new Meter().mean], [NaN, NaN]);
});
