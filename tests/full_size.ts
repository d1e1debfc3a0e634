/**
 * `deno run -A tests/full_size.ts vitl14|vitg14`: takes the reference's large networks through the method on the CPU, with
 * both heads at 131,072 prototypes and two images (2 x 224 + 8 x 98): ViT-L/14 through a whole training step, ViT-g/14
 * through the passes of teacher and student and back, since its optimiser's state would not fit 24 GB. Prints what was
 * learned from, how large the networks are and the most memory that was held.
 *
 * @module
 */
import { presets } from "../src/config/presets.ts";
import { resolveConfig } from "../src/config/resolve.ts";
import type { Config } from "../src/config/schema.ts";
import { Stream } from "../src/random/stream.ts";
import { maskBatch } from "../src/dino/mask_batch.ts";
import { sampleMasks } from "../src/vit/masking.ts";
import { Network, networkOptions } from "../src/dino/network.ts";
import { sinkhornKnopp } from "../src/dino/sinkhorn.ts";
import { randn } from "../src/tensor/random.ts";
import { scope } from "../src/tensor/scope.ts";
import type { Tensor } from "../src/tensor/tensor.ts";
import { peakMemory } from "../src/train/device_memory.ts";
import { Learner } from "../src/train/learner.ts";
import { lossesOf } from "../src/train/losses.ts";
import { trainStep } from "../src/train/step.ts";
import { studentPass } from "../src/train/student_pass.ts";
import { teacherPass } from "../src/train/teacher_pass.ts";
import type { TrainingBatch } from "../src/train/training_batch.ts";

const IMAGES = 2;

/** Noise in the place of photographs. */
function noise({ crops, ibot, student }: Config): TrainingBatch {
  const { global_crops_size: global, local_crops_size: local, local_crops_number: locals } = crops;
  const stream = new Stream(0, "full size");
  const masks = sampleMasks({
    crops: 2 * IMAGES,
    grid: global / student.patch_size,
    probability: ibot.mask_sample_probability,
    ratio: ibot.mask_ratio_min_max,
  }, stream);
  return {
    globalCrops: randn([2 * IMAGES, 3, global, global]),
    localCrops: randn([locals * IMAGES, 3, local, local]),
    masks: maskBatch(masks, 2 * IMAGES),
    permutation: (size) => stream.permutation(size),
  };
}

/** A whole training step; what it logs. */
function step(config: Config): Record<string, Tensor> {
  using learner = new Learner(config);
  tellSizes(learner.student);
  return trainStep(learner, noise(config), 0).losses;
}

/** Teacher and student forward, and the student's gradients; the losses. */
function passes(config: Config): Record<string, Tensor> {
  const options = networkOptions(config);
  const student = new Network(options).train();
  tellSizes(student);
  const still = { ...options.backbone, dropPathRate: 0 };
  const teacher = new Network({ ...options, backbone: still }).eval();
  teacher.loadStateDict(student.stateDict());
  for (const parameter of teacher.parameters()) parameter.requiresGrad = false;
  const learner = {
    ...{ config, student, teacher, dinoTargets: sinkhornKnopp, ibotTargets: sinkhornKnopp },
    precision: { device: "cpu", dtype: "float32" } as const,
  };
  const batch = noise(config);
  const targets = teacherPass(learner, [batch], config.teacher.warmup_teacher_temp)(0);
  const prediction = studentPass(learner, batch);
  const { weights } = batch.masks!;
  const { logged, total } = lossesOf(config, {
    ...{ prediction, targets, weights },
    ...{ microBatches: 1, others: [] },
  });
  total.backward();
  for (const network of [student, teacher]) network.dispose();
  return logged;
}

function tellSizes(student: Network): void {
  for (const [name, part] of student.namedChildren()) {
    const values = part.parameters().reduce((sum, { numel }) => sum + numel, 0);
    console.log(`${name.padEnd(24)} ${values.toLocaleString("en-US")} parameters`);
  }
}

const runs = { vitl14: step, vitg14: passes };
const name = Deno.args[0] as keyof typeof runs;
if (!Object.hasOwn(runs, name)) {
  console.error(`Say which network: deno run -A tests/full_size.ts ${Object.keys(runs).join("|")}`);
  Deno.exit(2);
}
const config = resolveConfig(presets[name].settings, { train: { batch_size_per_gpu: IMAGES } });
const began = performance.now();
scope(() => {
  for (const [loss, value] of Object.entries(runs[name](config))) {
    console.log(`${loss.padEnd(24)} ${value.item().toFixed(4)}`);
  }
});
console.log(`${"seconds".padEnd(24)} ${((performance.now() - began) / 1000).toFixed(0)}`);
console.log(`${"peak memory".padEnd(24)} ${(peakMemory("cpu") / 2 ** 30).toFixed(1)} GB`);
