import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  accuracy,
  joinAccuracies,
  nameTopAccuracy,
  topAccuracy,
  topNames,
} from "../../src/eval/accuracy.ts";

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
  for (let total = 1; total <= 1000; total++) { // whatever is rounded
    assert(accuracy(0, total).interval[0] >= 0, `0 of ${total}`);
    assert(accuracy(total, total).interval[1] <= 100, `${total} of ${total}`);
  }
});

Deno.test("the interval holds 95 %, two-sided", () => {
  const { interval: [low, high] } = accuracy(5_000, 10_000);
  assertAlmostEquals(high - low, 2 * 1.959964 * Math.sqrt(0.25 / 10_000) * 100, 2e-3);
});

Deno.test("accuracies come under the reference's names, in percent", () => {
  const found = topAccuracy({ top1: 3, top5: 6, meanPerClass: 0.4 }, 8);
  assertEquals([found.top1.percent, found.top5?.percent, found.meanPerClass], [37.5, 75, 40]);
  assertEquals(nameTopAccuracy(found).metrics, { "top-1": 37.5, "top-5": 75, mean_per_class: 40 });
  const names = topNames("('full', 5)");
  const { metrics, intervals } = nameTopAccuracy(found, names);
  assertEquals(metrics, {
    "('full', 5) Top 1": 37.5,
    "('full', 5) Top 5": 75,
    "('full', 5) Mean per class": 40,
  });
  assertEquals(intervals, {
    "('full', 5) Top 1": found.top1.interval,
    "('full', 5) Top 5": found.top5?.interval,
  });
});

Deno.test("a classifier without a first five has none by name either", () => {
  const found = topAccuracy({ top1: 1, meanPerClass: 0.5 }, 2);
  const { metrics, intervals } = nameTopAccuracy(found);
  assertEquals("top5" in found, false);
  assertEquals([Object.keys(metrics), Object.keys(intervals)], [["top-1", "mean_per_class"], [
    "top-1",
  ]]);
  const joined = joinAccuracies([nameTopAccuracy(found), nameTopAccuracy(found, topNames("b"))]);
  assertEquals(Object.keys(joined.metrics).length, 4);
});
