import { assertEquals, assertThrows } from "@std/assert";
import { effectiveBatch } from "../../src/config/effective_batch.ts";
import { configKeys } from "../../src/config/find_key.ts";
import { presets } from "../../src/config/presets.ts";
import { flattenSettings, resolveConfig } from "../../src/config/resolve.ts";
import type { Settings } from "../../src/config/schema.ts";

Deno.test("without settings every key has the reference's default", () => {
  const config = resolveConfig();
  assertEquals(flattenSettings(config).map(([path]) => path), [...configKeys.keys()]);
  assertEquals(config.student.arch, "vit_large");
  assertEquals(config.optim.base_lr, 0.004);
  assertEquals(config.ibot.mask_ratio_min_max, [0.1, 0.5]);
});

Deno.test("a later layer wins and leaves its neighbours alone", () => {
  const preset: Settings = { optim: { epochs: 20, warmup_epochs: 2 } };
  const config = resolveConfig(preset, { optim: { epochs: 30 } });
  assertEquals(config.optim.epochs, 30);
  assertEquals(config.optim.warmup_epochs, 2);
});

Deno.test("a resolved configuration shares nothing with the defaults or the settings", () => {
  const scale: [number, number] = [0.2, 0.9];
  const config = resolveConfig({ crops: { global_crops_scale: scale } });
  scale[0] = 0.5;
  assertEquals(config.crops.global_crops_scale, [0.2, 0.9]);
  assertThrows(() => {
    (config.optim as { epochs: number }).epochs = 3;
  }, TypeError);
  assertThrows(() => {
    (config as { optim: unknown }).optim = {};
  }, TypeError);
  (config.evaluation.nb_knn as number[]).push(7);
  assertEquals(resolveConfig().evaluation.nb_knn, [10, 20, 100, 200]);
});

Deno.test("every preset resolves", () => {
  for (const { settings } of Object.values(presets)) resolveConfig(settings);
});

Deno.test("the large presets differ from the default where the reference's files do", () => {
  const { dino, ibot, train, optim, crops, student } = resolveConfig(presets.vitg14.settings);
  assertEquals([dino.head_n_prototypes, dino.head_bottleneck_dim], [131072, 384]);
  assertEquals([ibot.head_n_prototypes, ibot.head_bottleneck_dim], [131072, 256]);
  assertEquals([train.batch_size_per_gpu, train.centering], [12, "sinkhorn_knopp"]);
  assertEquals([optim.epochs, optim.warmup_epochs, optim.layerwise_decay], [500, 80, 1]);
  assertEquals([student.arch, student.ffn_layer, crops.local_crops_size], [
    "vit_giant2",
    "swiglufused",
    98,
  ]);
});

Deno.test("passes of one image have neighbours in each other", () => {
  const { train } = resolveConfig({ train: { batch_size_per_gpu: 1, accumulate: 2 } });
  assertEquals(effectiveBatch({ train }), 2);
});

const refused: [title: string, settings: unknown, error: typeof Error, message: string][] = [
  ["an unknown key", { optim: { epoch: 3 } }, RangeError, "did you mean optim.epochs?"],
  ["a key by half its name", { train: { batch_size: 8 } }, RangeError, "train.batch_size_per_gpu?"],
  ["a key by its second half", { optim: { lr_mult: 8 } }, RangeError, "optim.patch_embed_lr_mult?"],
  ["a key of another section", { student: { epochs: 8 } }, RangeError, "mean optim.epochs?"],
  ["a key like none", { optim: { nesterov: true } }, RangeError, "`deno task train --help` lists"],
  ["a value below its range", { optim: { base_lr: -1 } }, RangeError, "a number in [0, 100]"],
  ["a value above its range", { student: { drop_path_rate: 1 } }, RangeError, "in [0, 1)"],
  ["a value of the wrong type", { optim: { epochs: "20" } }, TypeError, 'to "20"'],
  ["a fraction where a count belongs", { student: { patch_size: 1.5 } }, TypeError, "an integer"],
  ["a word that is no choice", { train: { centering: "center" } }, RangeError, "centering, sink"],
  ["a descending pair", { crops: { local_crops_scale: [0.3, 0.1] } }, RangeError, "ascending"],
  ["a pair of three", { crops: { local_crops_scale: [0, 0.1, 1] } }, TypeError, "two ascending"],
  ["patches that do not divide crops", { student: { patch_size: 14 } }, RangeError, "size=98"],
  ["KoLeo on one image", { train: { batch_size_per_gpu: 1 } }, RangeError, "koleo_loss_weight=0"],
  ["no pass at all", { train: { accumulate: 0 } }, RangeError, "an integer of at least 1"],
  ["a warm-up longer than the run", { optim: { epochs: 5 } }, RangeError, "warmup_epochs=0.5"],
  ["no loss", { dino: { loss_weight: 0 }, ibot: { loss_weight: 0 } }, RangeError, "without a loss"],
  ["iBOT without masks", { ibot: { mask_sample_probability: 0 } }, RangeError, "masked crop"],
  [
    "iBOT on masks of nothing",
    { ibot: { mask_ratio_min_max: [0, 0] } },
    RangeError,
    "to [0.1,0.5]",
  ],
  [
    "iBOT on a grid of one patch",
    { crops: { global_crops_size: 16 } },
    RangeError,
    "a grid of 1 x 1 has room for blocks that mask 0 %; set crops.global_crops_size=64 or more",
  ],
  [
    "iBOT on a grid without room for its blocks",
    { crops: { global_crops_size: 32 }, ibot: { mask_ratio_min_max: [0.6, 0.75] } },
    RangeError,
    "Cannot mask 68 % of the patches of a crop",
  ],
  [
    "a learning rate that would rise to its least",
    { optim: { base_lr: 3e-6 } },
    RangeError,
    "Cannot let a learning rate of 7.5e-7 fall to optim.min_lr=0.000001",
  ],
  ["a learning rate out of reason", { optim: { base_lr: 1e30 } }, RangeError, "in [0, 100]"],
  [
    "more prototypes than memory can hold",
    { dino: { head_n_prototypes: 2e9 } },
    RangeError,
    "an integer in [2, 16777216]",
  ],
  ["crops of a gigapixel", { crops: { global_crops_size: 1e9 } }, RangeError, "in [1, 8192]"],
  [
    "a teacher that never changes",
    { teacher: { momentum_teacher: 1 } },
    RangeError,
    "teacher.momentum_teacher=0.992",
  ],
  [
    "a rate of nothing",
    { optim: { base_lr: 0, min_lr: 0 } },
    RangeError,
    "set optim.base_lr above 0",
  ],
  ["a rate without end", { optim: { base_lr: Infinity } }, TypeError, "optim.base_lr to Infinity"],
  [
    "global crops of no area",
    { crops: { global_crops_scale: [0, 0] } },
    RangeError,
    "raise the second number of crops.global_crops_scale above 0",
  ],
  [
    "local crops of no area",
    { crops: { local_crops_scale: [0, 0] } },
    RangeError,
    "crops.local_crops_scale above 0",
  ],
  [
    "local crops too small to be blurred",
    { student: { patch_size: 4 }, crops: { local_crops_size: 4 } },
    RangeError,
    "Set crops.local_crops_size=8 or more, or augmentation.local_blur_p=0",
  ],
  [
    "global crops too small to be blurred",
    {
      student: { patch_size: 2 },
      crops: { global_crops_size: 4, local_crops_number: 0 },
      ibot: { loss_weight: 0 },
    },
    RangeError,
    "Set crops.global_crops_size=6 or more, or augmentation.global2_blur_p=0",
  ],
  [
    "an evaluation in broken patches",
    { evaluation: { image_size: 30 } },
    RangeError,
    "set evaluation.image_size=32, or 0",
  ],
  ["a warm-up as long as the run", { optim: { epochs: 10 } }, RangeError, "below optim.epochs"],
  ["a device that cannot be", { train: { device: "gpu" } }, RangeError, "cuda:N"],
];
for (const [title, settings, error, message] of refused) {
  Deno.test(`${title} is refused with its cure`, () => {
    assertThrows(() => resolveConfig(settings as Settings), error, message);
  });
}

Deno.test("mean and deviation are words, or as many numbers as channels", () => {
  const train = { dataset_path: "images" };
  const { data } = resolveConfig({ train, data: { channels: 1, mean: [0.5], std: "auto" } });
  assertEquals([data.mean, data.std], [[0.5], "auto"]);
  for (
    const [wrong, hint] of [
      [{ mean: [0.5] }, "a data.mean of 1 numbers"],
      [{ mean: "imagenett" as "auto" }, "weights, imagenet, auto or a list of numbers in [0, 1]"],
      [{ std: [0, 1, 1] }, "a list of numbers above 0"],
      [{ channels: 17 }, "an integer in [1, 16]"],
      [{ channels: 1 }, "the built-in dataset"],
    ] as const
  ) {
    const layer = { ...hint !== "the built-in dataset" && { train }, data: wrong };
    assertThrows(() => resolveConfig(layer), Error, hint);
  }
});
