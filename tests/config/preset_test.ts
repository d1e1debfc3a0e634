import { assertAlmostEquals, assertEquals } from "@std/assert";
import { effectiveBatch } from "../../src/config/effective_batch.ts";
import { presets } from "../../src/config/presets.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import { schedulesOf, totalIterations } from "../../src/optim/schedules.ts";

for (const name of ["imagenette", "photos10k", "vitl16_short"] as const) {
  Deno.test(`${name} warms up for 10 and 30 % of its run and freezes for 1 %`, () => {
    const config = resolveConfig(presets[name].settings);
    const total = totalIterations(config);
    const at = schedulesOf(config);
    const peak = Math.max(...Array.from({ length: total }, (_, iteration) => at(iteration).lr));
    assertEquals(at(total / 10).lr, peak);
    assertEquals([at(total / 100 - 1).last_layer_lr, at(total / 100).last_layer_lr > 0], [0, true]);
    assertEquals(at(3 * total / 10).teacher_temp, 0.07);
    assertAlmostEquals(at(3 * total / 10 - 2).teacher_temp, 0.07, 1e-4);
    assertEquals(at(3 * total / 10 - 2).teacher_temp < 0.07, true);
  });
}

Deno.test("small-data presets pass over their images as often as their heads say", () => {
  const passes = (name: "imagenette" | "photos10k", images: number) => {
    const config = resolveConfig(presets[name].settings);
    return Math.round(totalIterations(config) * effectiveBatch(config) / images);
  };
  assertEquals([passes("imagenette", 9469), passes("photos10k", 10_000)], [400, 200]);
});
