import { assertEquals } from "@std/assert";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Settings } from "../../src/config/schema.ts";
import { predictedPatchCount } from "../../src/train/step_cost.ts";

Deno.test("heads see the most patches that masks can hide, all where nothing hides them, none without iBOT", () => {
  const of = (ibot: Settings["ibot"], accumulate = 1) => {
    const teacher = { pretrained_weights: "runs/large" }; // which may teach patches that nothing hides
    const train = { batch_size_per_gpu: 8, accumulate };
    return predictedPatchCount(resolveConfig({ ibot, teacher, train }));
  };
  assertEquals(of({ loss_weight: 0 }), 0);
  assertEquals(of({ mask_sample_probability: 0 }), 2 * 8 * 14 ** 2);
  // Of 16 crops of 196 patches 8 are masked by a quarter.
  assertEquals(of({ mask_ratio_min_max: [0.25, 0.25] }), 8 * 49);
  assertEquals(of({ mask_ratio_min_max: [0.25, 0.25] }, 4), 8 * 49);
});
