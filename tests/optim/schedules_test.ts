import { assertAlmostEquals, assertEquals } from "@std/assert";
import { resolveConfig } from "../../src/config/resolve.ts";
import { cosineSchedule, schedulesOf, totalIterations } from "../../src/optim/schedules.ts";

/** Close to the reference's double precision, relative to the value. */
function assertNear(actual: number, expected: number): void {
  assertAlmostEquals(actual, expected, Math.abs(expected) * 1e-9);
}

Deno.test("the schedules of the short recipe are the reference's", () => {
  const config = resolveConfig({ train: { batch_size_per_gpu: 2048 } });
  assertEquals(totalIterations(config), 125_000);
  const at = schedulesOf(config);
  const peak = 0.00565685424949;
  assertEquals(at(0).lr, 0);
  assertNear(at(1).lr, 4.5258454672e-07);
  assertNear(at(6250).lr, 0.002828653417);
  assertNear(at(12499).lr, peak);
  assertNear(at(12500).lr, peak);
  assertNear(at(68750).lr, 0.0028289271247);
  assertNear(at(124999).lr, 1.000001103e-06);
  assertNear(at(0).wd, 0.04);
  assertNear(at(62500).wd, 0.22);
  assertNear(at(62500).mom, 0.996);
  assertNear(at(124999).mom, 0.9999999999987);
  assertNear(at(1).teacher_temp, 0.0400008000213);
  assertNear(at(18750).teacher_temp, 0.0550004000107);
  assertEquals(at(37_500).teacher_temp, 0.07);
});

Deno.test("the learning rate of the large recipe is the reference's", () => {
  const config = resolveConfig({
    train: { batch_size_per_gpu: 3072 },
    optim: { epochs: 500, base_lr: 2e-4, warmup_epochs: 80 },
  });
  const at = schedulesOf(config);
  assertNear(at(1).lr, 3.4641362565e-09);
  assertNear(at(362_500).lr, 0.000173705080757);
});

Deno.test("the last layer stands still for its first epochs, then learns like the rest", () => {
  const at = schedulesOf(resolveConfig());
  assertEquals(at(1249).last_layer_lr, 0);
  assertEquals(at(1250).last_layer_lr, at(1250).lr);
});

Deno.test("warm-ups of no and one iteration are no stumbling block", () => {
  const options = { base: 1, final: 0, total: 4 };
  assertEquals([0, 2, 4, 9].map(cosineSchedule(options)), [1, 0.5, 0, 0]);
  assertEquals(cosineSchedule({ ...options, warmup: 1 })(0), 1);
});

Deno.test("a fraction of an epoch is not cut short by the rounding of its product", () => {
  const settings = {
    optim: { epochs: 0.29, warmup_epochs: 0 },
    train: { OFFICIAL_EPOCH_LENGTH: 100 },
  };
  assertEquals(totalIterations(resolveConfig(settings)), 29); // 0.29 * 100 is 28.999999999999996
});
