import "../native.ts";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { presets } from "../../src/config/presets.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import { schedulesOf, totalIterations } from "../../src/optim/schedules.ts";
import { planRun } from "../../src/train/plan.ts";

Deno.test("the short recipe's schedule has the reference's values", () => {
  const { iterations, imagesSeen, schedule } = planRun(resolveConfig());
  assertEquals([iterations, imagesSeen], [125_000, 8_000_000]);
  assertEquals(schedule.map(({ percent, iteration }) => [percent, iteration]), [
    [0, 0],
    [1, 1250],
    [10, 12_500],
    [50, 62_500],
    [100, 124_999],
  ]);
  assertEquals(schedule[0].lr, 0);
  assertAlmostEquals(schedule[2].lr, 0.001, 1e-12); // 4e-3 * sqrt(64 / 1024)
  assertAlmostEquals(schedule[3].wd, 0.22, 1e-12);
  assertAlmostEquals(schedule[3].mom, 0.996, 1e-12);
  assertEquals(schedule[4].teacher_temp, 0.07);
});

Deno.test("the last phase at 518 pixels has the long recipe's schedules, compressed to 10,000 iterations", () => {
  const config = resolveConfig(presets.highres.settings);
  const scheduled = schedulesOf(config);
  assertEquals(totalIterations(config), 10_000);
  assertEquals(scheduled(19).last_layer_lr, 0);
  assert(scheduled(20).last_layer_lr > 0);
  assertEquals(scheduled(1599).lr, scheduled(1600).lr, "the peak comes twice");
  assert(scheduled(1601).lr < scheduled(1600).lr);
  assert(scheduled(598).teacher_temp < 0.07);
  assertAlmostEquals(scheduled(599).teacher_temp, 0.07, 1e-12);
  assertAlmostEquals(scheduled(5000).wd, 0.12, 1e-12);
});

Deno.test("distillation has the learning rate of the paper, in batches of 2048", () => {
  const train = { batch_size_per_gpu: 2048 };
  const { lr } = schedulesOf(
    resolveConfig(presets.distilled.settings, { train }),
  )(100_000);
  assertAlmostEquals(lr, 0.001, 1e-9);
});

Deno.test("accumulation multiplies the images of a step, and the learning rate by the root", () => {
  const train = { batch_size_per_gpu: 8 };
  const one = planRun(resolveConfig({ train }));
  const many = planRun(resolveConfig({ train: { ...train, accumulate: 16 } }));
  assertEquals([one.effectiveBatch, many.effectiveBatch], [8, 128]);
  assertEquals(many.imagesSeen, 16 * one.imagesSeen);
  assertAlmostEquals(many.schedule[2].lr, 4 * one.schedule[2].lr, 1e-12); // the square root of 16
});
