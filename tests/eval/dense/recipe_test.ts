import { assertEquals } from "@std/assert";
import { depthRecipe } from "../../../src/eval/dense/train_depth.ts";
import { segmentationRecipe } from "../../../src/eval/dense/train_segmentation.ts";
import { assertClose } from "../../helpers.ts";

Deno.test("depth is trained as the reference trains it", () => {
  const { iterations, maxNorm, schedule } = depthRecipe();
  assertEquals([iterations, maxNorm], [38_400, 35]);
  const cosine = (iteration: number) => 1e-4 * (1 + Math.cos(Math.PI * iteration / 38_400)) / 2;
  const rates = [0, 6_400, 12_800, 25_600, 38_399].map((i) => schedule(i).lr);
  assertClose(rates, [
    ...[1e-7, cosine(6_400) * (0.5 + 0.5e-3), cosine(12_800), cosine(25_600)],
    1e-12 + cosine(38_399),
  ], { atol: 1e-13, rtol: 1e-6 });
  assertEquals(schedule(100).wd, 0.01);
  assertClose([0, 11_520, 38_399].map((i) => schedule(i).beta1!), [0.95, 0.85, 0.95], {
    atol: 1e-3,
  });
  assertEquals(depthRecipe({ iterations: 9, lr: 2 }).iterations, 9);
  assertClose(depthRecipe({ iterations: 9, lr: 2 }).schedule(3).lr, 1.5);
});

Deno.test("segmentation is trained as the reference trains it", () => {
  const { iterations, maxNorm, schedule } = segmentationRecipe();
  assertEquals([iterations, maxNorm], [40_000, 0]);
  const rates = [0, 750, 1_500, 20_000, 40_000].map((i) => schedule(i).lr);
  const line = (iteration: number) => 1e-3 * (1 - iteration / 40_000);
  assertClose(rates, [1e-9, line(750) * 0.5, line(1_500), line(20_000), 0], {
    rtol: 1e-5,
    atol: 0,
  });
  assertEquals(schedule(7).wd, 1e-4);
});
