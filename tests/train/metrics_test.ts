import { assertEquals } from "@std/assert";
import { Metrics } from "../../src/train/metrics.ts";

Deno.test("times are means and losses are medians", () => {
  const metrics = new Metrics();
  for (const value of [1, 2, 6]) {
    metrics.update({ iter_time: value, data_time: value / 2, total_loss: value });
  }
  assertEquals(metrics.line(2), { iteration: 2, iter_time: 3, data_time: 1.5, total_loss: 2 });
});

Deno.test("metrics that go on from recent values write the lines of an unbroken series", () => {
  const unbroken = new Metrics(), before = new Metrics();
  for (const value of [5, 3, 8]) {
    unbroken.update({ total_loss: value });
    before.update({ total_loss: value });
  }
  const after = new Metrics(JSON.parse(JSON.stringify(before.recent())));
  unbroken.update({ total_loss: 1 });
  after.update({ total_loss: 1 });
  assertEquals(after.line(3), unbroken.line(3));
});
