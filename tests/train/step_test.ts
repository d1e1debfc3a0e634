import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { resolveConfig } from "../../src/config/resolve.ts";
import { maskBatch } from "../../src/dino/mask_batch.ts";
import { liveTensors, scope } from "../../src/tensor/scope.ts";
import { Learner } from "../../src/train/learner.ts";
import { makeBatch } from "../../src/train/make_batch.ts";
import { trainStep } from "../../src/train/step.ts";
import type { TrainingBatch } from "../../src/train/training_batch.ts";
import { followRun } from "../golden_run.ts";
import { assertClose, filled } from "../helpers.ts";

for (const name of ["centering_drop_path", "sinkhorn_separate_heads"]) {
  Deno.test(`the step follows the reference: ${name}`, () => {
    const before = liveTensors();
    const path = fromFileUrl(new URL(`../golden/run_${name}`, import.meta.url));
    const { iterations, worst } = followRun(path);
    assertEquals(iterations, 2);
    assertEquals(Object.keys(worst).sort(), ["clipped gradients", "gradient norms", "losses"]);
    for (const [what, { difference, allowed, where }] of Object.entries(worst)) {
      assert(difference <= allowed, `${what}: ${difference} of ${allowed} allowed (${where})`);
    }
    assertEquals(liveTensors(), before);
  });
}

const tiny = {
  student: { arch: "vit_nano", patch_size: 4, drop_path_rate: 0 },
  crops: { global_crops_size: 8, local_crops_size: 4, local_crops_number: 2 },
  train: { batch_size_per_gpu: 4, OFFICIAL_EPOCH_LENGTH: 10 },
  optim: { epochs: 2, warmup_epochs: 0, freeze_last_layer_epochs: 0, base_lr: 0.01 },
  augmentation: { local_blur_p: 0 },
  dino: { head_n_prototypes: 16, head_hidden_dim: 8, head_bottleneck_dim: 8 },
} as const;

/** Crops that are a function of nothing but their shape. */
function batch(masked: boolean): TrainingBatch {
  const wave = (shape: number[]) =>
    filled(shape, (k) => Math.sin(0.05 * k + k % 7), { dtype: "float32" });
  const masks = new Uint8Array(32).fill(1, 0, 3);
  return {
    globalCrops: wave([8, 3, 8, 8]),
    localCrops: wave([8, 3, 4, 4]),
    masks: masked ? maskBatch({ masks, upperbound: 4 }, 8) : null,
    permutation: (count) => Array.from({ length: count }, (_, i) => i),
  };
}

Deno.test("plain DINO logs only its own losses and needs no masks", () => {
  const config = resolveConfig(tiny, {
    dino: { koleo_loss_weight: 0 },
    ibot: { loss_weight: 0 },
  });
  scope(() => {
    using learner = new Learner(config);
    const { losses } = trainStep(learner, batch(false), 0);
    assertEquals(Object.keys(losses).sort(), ["dino_global_crops_loss", "dino_local_crops_loss"]);
    for (const loss of Object.values(losses)) assert(loss.item() > 0);
  });
});

Deno.test("without the iBOT loss crops are masked all the same, as in the reference", () => {
  const config = resolveConfig(tiny, { ibot: { loss_weight: 0 } });
  scope(() => {
    const [masked, whole] = [true, false].map((isMasked) => {
      using learner = new Learner(config);
      return trainStep(learner, batch(isMasked), 0).losses;
    });
    const names = ["dino_global_crops_loss", "dino_local_crops_loss", "koleo_loss"];
    assertEquals(Object.keys(masked).sort(), names);
    assert(masked.dino_global_crops_loss.item() !== whole.dino_global_crops_loss.item());
    assertEquals(masked.dino_local_crops_loss.item(), whole.dino_local_crops_loss.item());
  });
});

Deno.test("without the iBOT loss a batch too small for a masked crop is learned from whole", () => {
  const config = resolveConfig(tiny, {
    dino: { koleo_loss_weight: 0 },
    ibot: { loss_weight: 0, mask_sample_probability: 0.4 },
    train: { batch_size_per_gpu: 1 },
  });
  const pixels = new Uint8Array(3 * 8 * 8).fill(100);
  scope(() => {
    using learner = new Learner(config);
    const images = [{ width: 8, height: 8, pixels }];
    const made = makeBatch(images, config, { iteration: 0, device: "cpu" });
    assert(trainStep(learner, made, 0).losses.dino_global_crops_loss.item() > 0);
  });
});

Deno.test("without local crops all pairs are of global ones", () => {
  const config = resolveConfig(tiny, { crops: { local_crops_number: 0 } });
  scope(() => {
    using learner = new Learner(config);
    const { losses } = trainStep(learner, { ...batch(true), localCrops: null }, 0);
    const names = ["dino_global_crops_loss", "ibot_loss", "koleo_loss"];
    assertEquals(Object.keys(losses).sort(), names);
  });
});

Deno.test("the teacher starts as the student, gets no gradient, and follows it slowly", () => {
  const config = resolveConfig(tiny);
  scope(() => {
    using learner = new Learner(config);
    const weight = (network: Learner["student"]) => network.backbone.patchEmbed.proj.weight;
    assertClose(weight(learner.teacher).detach(), weight(learner.student).detach(), { atol: 0 });
    const start = weight(learner.teacher).clone();
    for (let i = 0; i < 2; i++) scope(() => trainStep(learner, batch(true), i));
    assertEquals(weight(learner.teacher).grad, null);
    const ofStudent = weight(learner.student).detach().sub(start).norm().item();
    const ofTeacher = weight(learner.teacher).sub(start).norm().item();
    assert(ofStudent > 0 && ofTeacher > 0 && ofTeacher < 0.1 * ofStudent);
  });
});
