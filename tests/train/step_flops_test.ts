import "../native.ts";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { presets } from "../../src/config/presets.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Config } from "../../src/config/schema.ts";
import { measureRun } from "../../src/train/run_sizes.ts";
import { testTensor } from "../helpers.ts";

const head = {
  head_n_prototypes: 32,
  head_hidden_dim: 16,
  head_bottleneck_dim: 8,
};
/** The operations of a step, with and without what stochastic depth drops. */
function stepFlops(config: Config, { dropping }: { dropping: boolean }) {
  const { step, stepWithoutDropping } = measureRun(config).flops;
  return dropping ? step : stepWithoutDropping;
}

const tiny = {
  student: { arch: "vit_nano", patch_size: 8, drop_path_rate: 0.3 },
  dino: head,
  ibot: { mask_ratio_min_max: [0.25, 0.5] },
  train: { batch_size_per_gpu: 4 },
  crops: { global_crops_size: 16, local_crops_size: 8, local_crops_number: 2 },
} as const;

testTensor("a step's products are counted as by hand", () => {
  // Width 64, four blocks; a global crop has 4 patches and 5 tokens, a local one 1 and 2.
  const globalEmbedding = 2 * 4 * 192 * 64, localEmbedding = 2 * 192 * 64;
  const globalBlocks = 4 * (8 * 5 * 64 ** 2 + 4 * 25 * 64 + 4 * 5 * 64 * 256);
  const localBlocks = 4 * (8 * 2 * 64 ** 2 + 4 * 4 * 64 + 4 * 2 * 64 * 256);
  const teacher = 2 * (globalEmbedding + globalBlocks);
  // A token through the head; 14 passes of class tokens: teacher 2, student 4 forward, backward as much as 8.
  const row = 2 * (64 * 16 + 16 * 16 + 16 * 8 + 8 * 32);
  // Four of eight crops are masked, at most 1, 1, 1 and 2 patches: 5 for 4 images, in 4 passes.
  const heads = 14 * row + 4 * 5 / 4 * row;
  const config = resolveConfig(tiny);
  assertEquals(stepFlops(config, { dropping: false }), {
    teacher,
    student: 3 * 2 * (globalEmbedding + globalBlocks + localEmbedding + localBlocks),
    heads,
  });
  const kept = 5 / 8; // of 8 crops of either size, 0.7 of them rounded down
  assertEquals(stepFlops(config, { dropping: true }), {
    teacher,
    student: 3 * 2 * (globalEmbedding + localEmbedding + kept * (globalBlocks + localBlocks)),
    heads,
  });
});

testTensor("what a run leaves out costs nothing", () => {
  const all = stepFlops(resolveConfig(tiny), { dropping: false });
  const noMasks = stepFlops(resolveConfig(tiny, { ibot: { loss_weight: 0 } }), { dropping: false });
  assertEquals(all.heads - noMasks.heads, 5 * 2 * 1664);
  const noLocal = stepFlops(resolveConfig(tiny, { crops: { local_crops_number: 0 } }), {
    dropping: false,
  });
  assertEquals(noLocal.student, 3 * noLocal.teacher);
});

testTensor("ViT-L/16 takes 1.54 TFLOP an image, 1.15 with stochastic depth", () => {
  const config = resolveConfig(presets.vitl16_short.settings);
  const total = (dropping: boolean) => {
    const { teacher, student, heads } = stepFlops(config, { dropping });
    return (teacher + student + heads) / 1e12;
  };
  assertAlmostEquals(total(false), 1.54, 0.005);
  assertAlmostEquals(total(true), 1.15, 0.005);
});
