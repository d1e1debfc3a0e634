import { assert, assertEquals, assertThrows } from "@std/assert";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Settings } from "../../src/config/schema.ts";
import type { DecodedImage } from "../../src/data/image.ts";
import { Stream } from "../../src/random/stream.ts";
import { setNumThreads } from "../../src/tensor/device.ts";
import { scope } from "../../src/tensor/scope.ts";
import { Learner } from "../../src/train/learner.ts";
import { makeBatch } from "../../src/train/make_batch.ts";
import { trainStep } from "../../src/train/step.ts";
import { largestDifference } from "../golden_run.ts";
import { assertClose, testTensor } from "../helpers.ts";

setNumThreads(1); // products this small take longer when they are shared out

const IMAGES = 8;
const STEPS = 3;

const tiny: Settings = {
  student: { arch: "vit_nano", patch_size: 4, drop_path_rate: 0, layerscale: 0.1 },
  crops: { global_crops_size: 16, local_crops_size: 8, local_crops_number: 3 },
  dino: { head_n_prototypes: 24, head_hidden_dim: 16, head_bottleneck_dim: 8 },
  ibot: { head_n_prototypes: 20, head_hidden_dim: 16, head_bottleneck_dim: 8 },
  train: { OFFICIAL_EPOCH_LENGTH: 10 },
  teacher: { momentum_teacher: 0.9 },
  optim: { epochs: 2, warmup_epochs: 0, freeze_last_layer_epochs: 0, base_lr: 0.02 },
};

/** Noise in the place of photographs. */
function images(iteration: number): DecodedImage[] {
  return Array.from({ length: IMAGES }, (_, i) => {
    const stream = new Stream(0, "accumulation", iteration, i);
    const pixels = Uint8Array.from({ length: 3 * 20 * 20 }, () => stream.integer(0, 255));
    return { width: 20, height: 20, pixels };
  });
}

/** What a few steps leave behind when each takes its images in so many micro-batches. */
function learnedIn(count: number, settings: Settings) {
  const train = { ...settings.train, accumulate: count, batch_size_per_gpu: IMAGES / count };
  const config = resolveConfig(tiny, settings, { train });
  const learner = new Learner(config);
  const losses = Array.from({ length: STEPS }, (_, iteration) =>
    scope(() => {
      const batch = makeBatch(images(iteration), config, { iteration, device: "cpu" });
      assertEquals(batch.length, count);
      const { losses, gradNorms } = trainStep(learner, batch, iteration);
      return [...Object.values(losses), ...Object.values(gradNorms)].map((each) => each.item());
    }));
  return { learner, losses };
}

const shared = { ibot: tiny.ibot }, separate = { ibot: { ...tiny.ibot, separate_head: true } };
const globalOnly = { ...shared, crops: { ...tiny.crops, local_crops_number: 0 } };
const classesOnly = { ibot: { ...tiny.ibot, loss_weight: 0 } };
const cases: [count: number, centering: "centering" | "sinkhorn_knopp", what: string, Settings][] =
  [
    [2, "centering", "a shared head", shared],
    [4, "centering", "separate heads", separate],
    [8, "sinkhorn_knopp", "a shared head", shared],
    [4, "sinkhorn_knopp", "separate heads", separate],
    [2, "sinkhorn_knopp", "no local crops", globalOnly],
    [2, "centering", "no loss of patches", classesOnly],
  ];
for (const [count, centering, what, more] of cases) {
  testTensor(`${count} micro-batches learn as the whole batch: ${centering}, ${what}`, () => {
    const settings: Settings = { ...more, train: { centering } };
    const whole = learnedIn(1, settings), parted = learnedIn(count, settings);
    assertClose(parted.losses, whole.losses, { rtol: 2e-5, atol: 1e-6 });
    using learnedWhole = whole.learner;
    using learnedParted = parted.learner;
    const expected = learnedWhole.tensors();
    for (const [name, value] of Object.entries(learnedParted.tensors())) {
      const difference = largestDifference(name, value, expected[name]);
      assert(difference < 5e-5, `${name} differs by ${difference}`);
    }
  });
}

testTensor("micro-batches that differ in size are refused, and so is none at all", () => {
  using learner = new Learner(resolveConfig(tiny));
  const config = resolveConfig(tiny, { train: { batch_size_per_gpu: 4 } });
  const make = (count: number) =>
    makeBatch(images(0).slice(0, count), config, { iteration: 0, device: "cpu" })[0];
  assertThrows(
    () => trainStep(learner, [make(2), make(4)], 0),
    TypeError,
    "4 global and 6 local crops with masks and 8 global and 12 local crops with masks",
  );
  assertThrows(() => trainStep(learner, [], 0), TypeError, "no micro-batch");
});
