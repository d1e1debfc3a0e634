import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { type LoadedSettings, loadSettings, takeSettings } from "../../src/config/load.ts";
import { findPreset, presets } from "../../src/config/presets.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import { inTempFolder } from "../temp_folder.ts";

async function load(text: string, name = "config.yaml"): Promise<LoadedSettings> {
  let loaded: LoadedSettings = { settings: {}, notes: [] };
  await inTempFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, name), text);
    loaded = await loadSettings(join(folder, name));
  });
  return loaded;
}

/** The keys of the reference's files for ViT-L/14, with what its training writes into `config.yaml` beside them. */
const referenceFile = `
MODEL:
  WEIGHTS: ''
compute_precision:
  grad_scaler: true
  student:
    backbone:
      sharding_strategy: SHARD_GRAD_OP
      mixed_precision: {param_dtype: fp16, reduce_dtype: fp16, buffer_dtype: fp32}
dino:
  head_n_prototypes: 131072
  head_bottleneck_dim: 384
ibot:
  separate_head: true
  mask_ratio_min_max:
  - 0.1
  - 0.5
train:
  batch_size_per_gpu: 32
  dataset_path: ImageNet:split=TRAIN:root=/data/imagenet:extra=/data/extra
  saveckp_freq: 20
  cache_dataset: true
  centering: sinkhorn_knopp
student:
  arch: vit_large
  patch_size: 14
  block_chunks: 4
  qkv_bias: true
  pretrained_weights: ''
optim:
  epochs: 500
  lr: 0.
  base_lr: 2.0e-04
  scaling_rule: sqrt_wrt_1024
  warmup_epochs: 80
crops:
  local_crops_size: 98
`;

Deno.test("a file of the reference is read unchanged, with one note for all that is ignored for one reason", async () => {
  const { settings, notes } = await load(referenceFile);
  const config = resolveConfig(settings);
  assertEquals(config.optim.base_lr, 2e-4);
  assertEquals(
    config.train.dataset_path,
    "ImageNet:split=TRAIN:root=/data/imagenet:extra=/data/extra",
  );
  assertEquals(config.ibot.separate_head, true);
  assertEquals(notes.map((note) => note.split(" ")[0]), [
    "compute_precision.grad_scaler",
    "compute_precision.student",
    "train.saveckp_freq",
    "train.cache_dataset",
    "student.block_chunks",
    "optim.lr",
  ]);
});

Deno.test("a JSON file is read like a YAML file", async () => {
  const { settings } = await load('{"optim": {"epochs": 20, "warmup_epochs": 2}}', "config.json");
  assertEquals(settings, { optim: { epochs: 20, warmup_epochs: 2 } });
});

Deno.test("an empty file sets nothing", async () => {
  assertEquals(await load(""), { settings: {}, notes: [] });
});

Deno.test("a value of the reference that asks for something else is refused", async () => {
  await assertRejects(() => load("student: {qkv_bias: false}"), RangeError, "only true");
});

Deno.test("an unknown key in a file is refused with the nearest name", async () => {
  await assertRejects(() => load("students: {arch: vit_small}"), RangeError, "student.arch?");
  await assertRejects(() => load("optim: 5"), RangeError, "no such key");
  await assertRejects(() => load("compute_precision: {seed: 1}"), RangeError, "mean train.seed?");
});

Deno.test("a file that is missing, broken or a list is refused by name", async () => {
  await assertRejects(() => loadSettings("/nowhere/a.yaml"), Error, "/nowhere/a.yaml");
  await assertRejects(() => load("a: [1"), Error, "Cannot read the configuration");
  await assertRejects(() => load("- 1"), TypeError, "sections of keys");
});

Deno.test("each key of the reference that changes nothing is noted, or refused for another value than the one meant", () => {
  const noted: Record<string, string> = {
    "compute_precision.grad_scaler": "with compute_precision.param_dtype=fp16 only",
    "compute_precision.student": "see compute_precision.param_dtype",
    "compute_precision.teacher.ibot_head.x": "see compute_precision.param_dtype",
    "student.block_chunks": "sharding",
    "train.saveckp_freq": "see checkpointing.period",
    "train.cache_dataset": "once anyway",
    "optim.lr": "computed from optim.base_lr",
  };
  for (const [path, note] of Object.entries(noted)) {
    const { settings, notes } = takeSettings([[path, 1]]);
    assertEquals([settings, notes.length], [{}, 1]);
    assertStringIncludes(notes[0], note);
  }
  const meant: Record<string, [value: unknown, other: unknown, cure: string]> = {
    "MODEL.WEIGHTS": ["", "a.pth", "--resume"],
    "student.qkv_bias": [true, false, "always have a bias"],
    "student.proj_bias": [true, false, "always have a bias"],
    "student.ffn_bias": [true, false, "always have a bias"],
    "optim.scaling_rule": ["sqrt_wrt_1024", "linear", "square root of the batch over 1024"],
  };
  for (const [path, [value, other, cure]] of Object.entries(meant)) {
    assertEquals(takeSettings([[path, value]]), { settings: {}, notes: [] });
    assertThrows(() => takeSettings([[path, other]]), RangeError, cure);
  }
  assertEquals(takeSettings([["run_id", "a"]]), { settings: {}, notes: [] });
  for (const path of ["compute_precision.students", "optim.lrs", "run_id.x"]) {
    assertThrows(() => takeSettings([[path, 1]]), RangeError, "there is no such key");
  }
});

Deno.test("a preset is found by its name, another is refused with the nearest", () => {
  assertEquals(findPreset("vits14"), presets.vits14);
  assertThrows(
    () => findPreset("vits41"),
    RangeError,
    'did you mean "vits14"? Choose from first_light, cifar10',
  );
  assertThrows(() => findPreset("toString"), RangeError, "Cannot find the preset");
});
