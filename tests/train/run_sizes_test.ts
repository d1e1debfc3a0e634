import { assertEquals } from "@std/assert";
import { presets } from "../../src/config/presets.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Settings } from "../../src/config/schema.ts";
import { measureRun } from "../../src/train/run_sizes.ts";
import { testTensor } from "../helpers.ts";

testTensor(
  "on a GPU activations take half the memory, as products are computed in bfloat16",
  () => {
    const [cpu, gpu] = (["cpu", "cuda"] as const)
      .map((device) => measureRun(resolveConfig(), device).memory);
    assertEquals(gpu, {
      ...cpu,
      activations: cpu.activations / 1.2 / 2, // on the CPU gaps between tensors are counted too
      heads: cpu.heads / 2,
      images: 0,
      process: 0,
    });
  },
);

testTensor("images that are kept are counted to their limits, crops in four batches", () => {
  const config = resolveConfig({
    train: { batch_size_per_gpu: 8, num_workers: 3 },
    crops: { local_crops_number: 0 },
  });
  const of = (decoded: number, ...evaluated: number[]) =>
    measureRun(config, "cpu", { decoded, evaluated }).memory;
  const MB = 2 ** 20, crops = 8 * 2 * 224 ** 2 * 3 * 4;
  assertEquals(of(5 * MB).crops, crops);
  assertEquals(of(5 * MB).images, 4 * crops + 5 * MB);
  assertEquals(of(900 * MB).images, 4 * crops + 256 * MB);
  assertEquals(of(0, 10, 1e6).images, 4 * crops + 10 * 224 ** 2 * 3 + 512 * MB);
  assertEquals(measureRun(config).memory.images, of(900 * MB).images, "unknown images are many");
  const four = measureRun(resolveConfig(config, { train: { num_workers: 4 } })).memory;
  assertEquals([of(0).process, four.process], [(230 + 3 * 38) * MB, (230 + 4 * 38) * MB]);
});

testTensor("heads have the reference's parameter counts", () => {
  const short = measureRun(resolveConfig()).parameters;
  assertEquals(short.dino_head, 23_662_848);
  assertEquals(short.ibot_head, undefined);
  const large = measureRun(resolveConfig(presets.vitl14.settings)).parameters;
  assertEquals([large.dino_head, large.ibot_head], [57_545_088, 40_505_600]);
  const giant = measureRun(resolveConfig(presets.vitg14.settings)).parameters;
  assertEquals([giant.dino_head, giant.ibot_head], [58_593_664, 41_554_176]);
});

/** Masks and stochastic depth that no batch rounds. */
const even: Settings = {
  student: { drop_path_rate: 0 },
  ibot: { mask_ratio_min_max: [0.25, 0.25] },
};

testTensor("memory grows with the batch where it should and nowhere else", () => {
  const of = (batch: number) =>
    measureRun(resolveConfig(even, { train: { batch_size_per_gpu: batch } })).memory;
  const one = of(8), two = of(16);
  assertEquals([two.weights, two.optimiser], [one.weights, one.optimiser]);
  assertEquals([two.activations, two.prototypes], [2 * one.activations, 2 * one.prototypes]);
});

testTensor(
  "logits are held four times by the student and three times by the teacher, in float32",
  () => {
    const dino = { dino: { head_n_prototypes: 100 } };
    const of = (...settings: Settings[]) =>
      measureRun(resolveConfig(even, dino, ...settings), "cuda").memory.prototypes;
    const batch = { train: { batch_size_per_gpu: 8 }, crops: { local_crops_number: 3 } };
    const ofClasses = 4 * 100 * 8 * ((2 + 3) * 4 + 2 * 3);
    assertEquals(of(batch, { ibot: { loss_weight: 0 } }), ofClasses);
    // Of 16 crops of 196 patches 8 are masked by a quarter, 49 patches each.
    assertEquals(of(batch), ofClasses + 4 * 100 * 8 * 49 * (4 + 3));
    const separate = { ibot: { separate_head: true, head_n_prototypes: 10 } };
    assertEquals(of(batch, separate), ofClasses + 4 * 10 * 8 * 49 * (4 + 3));
  },
);

testTensor("accumulation costs the crops of all micro-batches and nothing else", () => {
  const of = (accumulate: number) =>
    measureRun(resolveConfig(even, { train: { batch_size_per_gpu: 8, accumulate } })).memory;
  const one = of(1), many = of(16);
  assertEquals(many, {
    ...one,
    ...{ accumulation: many.accumulation, crops: 16 * one.crops, images: many.images },
  });
  // Bottlenecks of 2 class tokens and of a quarter of 196 patches in one of two crops, class tokens twice.
  assertEquals(many.accumulation, 128 * 4 * ((2 + 49) * 256 + 2 * 1024));
  const own = { ibot: { ...even.ibot, separate_head: true, head_bottleneck_dim: 100 } };
  const train = { batch_size_per_gpu: 8, accumulate: 16 };
  const { memory } = measureRun(resolveConfig(even, own, { train }));
  assertEquals(memory.accumulation, 128 * 4 * (2 * 256 + 49 * 100 + 2 * 1024));
});

testTensor("the optimiser holds two moments and a gradient, 12 bytes for each parameter", () => {
  const { memory, parameters } = measureRun(resolveConfig());
  const count = parameters.backbone + parameters.dino_head;
  assertEquals([memory.weights, memory.optimiser], [8 * count, 12 * count]);
});
