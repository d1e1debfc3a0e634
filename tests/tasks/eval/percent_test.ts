import { assertEquals } from "@std/assert";
import { percent, topPercent } from "../../../tasks/eval/percent.ts";

Deno.test("an accuracy has two digits and its interval one; a classifier's stand in columns", () => {
  const top1 = { percent: 12.345, interval: [1.26, 20.04] } as const;
  const top5 = { percent: 100, interval: [98.76, 100] } as const;
  assertEquals(percent(top1), "12.35 % (1.3 to 20.0)");
  assertEquals(
    topPercent({ top1, top5, meanPerClass: 7 }),
    "top-1 12.35 % (1.3 to 20.0)    top-5 100.00 % (98.8 to 100.0) mean per class 7.00 %",
  );
  assertEquals(
    topPercent({ top1, top5: undefined, meanPerClass: 7 }),
    "top-1 12.35 % (1.3 to 20.0)    mean per class 7.00 %",
  );
});
