import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { noGrad } from "../../src/autograd/mode.ts";
import { saveTeacher } from "../../src/checkpoint/teacher.ts";
import { writeSafetensors } from "../../src/checkpoint/safetensors.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Settings } from "../../src/config/schema.ts";
import { makeBuiltinDataset } from "../../src/data/builtin/builtin.ts";
import type { DecodedImage } from "../../src/data/image.ts";
import { Stream } from "../../src/random/stream.ts";
import { logSoftmax, softmax } from "../../src/nn/functional.ts";
import { full, zeros } from "../../src/tensor/create.ts";
import { setNumThreads } from "../../src/tensor/device.ts";
import { liveTensors, scope } from "../../src/tensor/scope.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { loadFrozenTeacher } from "../../src/train/frozen_teacher.ts";
import { Learner } from "../../src/train/learner.ts";
import { train } from "../../src/train/loop.ts";
import { makeBatch } from "../../src/train/make_batch.ts";
import { measureRun } from "../../src/train/run_sizes.ts";
import { trainStep } from "../../src/train/step.ts";
import { assertClose } from "../helpers.ts";
import { inTempFolder } from "../temp_folder.ts";

setNumThreads(1); // products this small take longer when they are shared out

const IMAGES = 4;

const head = { head_n_prototypes: 16, head_hidden_dim: 8, head_bottleneck_dim: 4 };
/** What a large network was trained with. */
const large: Settings = {
  student: { arch: "vit_micro", patch_size: 8, layerscale: 0.1 },
  crops: { global_crops_size: 16, local_crops_size: 8, local_crops_number: 2 },
  dino: head,
  ibot: { ...head, separate_head: true, head_n_prototypes: 12 },
  train: { seed: 3 },
};
/** What distils it, as the paper does: nothing masked, nothing dropped. */
const small: Settings = {
  ...large,
  student: { ...large.student, arch: "vit_nano", drop_path_rate: 0 },
  ibot: { ...large.ibot, mask_sample_probability: 0 },
  train: { batch_size_per_gpu: IMAGES, OFFICIAL_EPOCH_LENGTH: 4, device: "cpu", num_workers: 1 },
  optim: { epochs: 3, warmup_epochs: 0, freeze_last_layer_epochs: 0, base_lr: 0.02 },
};

/** A folder with the large network in it, and the settings of a run that distils it. */
function withTeacher(
  body: (folder: string, settings: Settings) => void | Promise<void>,
): Promise<void> {
  return inTempFolder(async (folder) => {
    const before = liveTensors();
    const config = resolveConfig(large);
    scope(() => {
      using learner = new Learner(config);
      const tensors = learner.emaTeacher.stateDict();
      saveTeacher(folder, { iteration: 9, tensors, state: { config } });
    });
    await body(folder, { ...small, teacher: { pretrained_weights: folder } });
    assertEquals(liveTensors(), before);
  });
}

function noise(): DecodedImage[] {
  return Array.from({ length: IMAGES }, (_, i) => {
    const stream = new Stream(0, "distillation", i);
    const pixels = Uint8Array.from({ length: 3 * 20 * 20 }, () => stream.integer(0, 255));
    return { width: 20, height: 20, pixels };
  });
}

/** `-Σ t log s` over the last dimension, mean over the rest. */
const crossEntropy = (targets: Tensor, logits: Tensor): number =>
  targets.mul(logSoftmax(logits.div(0.1), -1)).sum(-1).mean().neg().item();

Deno.test("a student predicts every patch of a larger frozen teacher, and both class tokens", () =>
  withTeacher((_, settings) =>
    scope(() => {
      const config = resolveConfig(settings);
      using learner = new Learner(config, { teacher: loadFrozenTeacher(config, "cpu") });
      const [batch] = makeBatch(noise(), config, { iteration: 0, device: "cpu" });
      const { teacher, student } = learner;
      const { patches, cls } = noGrad(() => {
        const seen = teacher.backbone.forwardFeatures(batch.globalCrops);
        const own = student.backbone.forwardFeatures(batch.globalCrops);
        const targets = (logits: Tensor) => softmax(logits.div(0.04), -1); // the centre starts at 0
        const partners = teacher.dinoHead.forward(seen.xNormClstoken).roll([IMAGES], [0]);
        return {
          patches: crossEntropy(
            targets(teacher.ibotHead!.forward(seen.xNormPatchtokens)),
            student.ibotHead!.forward(own.xNormPatchtokens),
          ),
          cls: crossEntropy(targets(partners), student.dinoHead.forward(own.xNormClstoken)),
        };
      });
      const { losses } = trainStep(learner, batch, 0);
      assertClose(losses.ibot_loss.item(), patches / 2); // logged at half its weight
      assertClose(losses.dino_global_crops_loss.item(), 2 * cls / 6); // 2 of 2 + 2 * 2 pairs
    })
  ));

Deno.test("the frozen teacher stands still while the student's average follows", () =>
  withTeacher((_, settings) =>
    scope(() => {
      const config = resolveConfig(settings);
      using learner = new Learner(config, { teacher: loadFrozenTeacher(config, "cpu") });
      const weights = ({ backbone }: Learner["teacher"]) =>
        backbone.patchEmbed.proj.weight.detach();
      const before = {
        teacher: weights(learner.teacher).clone(),
        emaTeacher: weights(learner.emaTeacher).clone(),
      };
      const batch = makeBatch(noise(), config, { iteration: 0, device: "cpu" });
      trainStep(learner, batch, 0);
      assertClose(weights(learner.teacher), before.teacher, { atol: 0, rtol: 0 });
      assert(weights(learner.emaTeacher).sub(before.emaTeacher).norm().item() > 0);
      assert(!Object.values(learner.tensors()).some((value) => value.shape.includes(128)));
    })
  ));

Deno.test("distilling a batch in parts is the same step", () =>
  withTeacher((_, settings) =>
    scope(() => {
      const learned = [1, 2].map((accumulate) => {
        const config = resolveConfig(settings, {
          train: { accumulate, batch_size_per_gpu: IMAGES / accumulate },
        });
        using learner = new Learner(config, { teacher: loadFrozenTeacher(config, "cpu") });
        const batch = makeBatch(noise(), config, { iteration: 0, device: "cpu" });
        const { losses, gradNorms } = trainStep(learner, batch, 0);
        return [...Object.values(losses), ...Object.values(gradNorms)].map((each) => each.item());
      });
      assertClose(learned[1], learned[0], { rtol: 2e-5 });
    })
  ));

Deno.test("a run distils a run folder and goes on after a stop as if there had been none", () =>
  withTeacher((folder, settings) =>
    inTempFolder(async (runs) => {
      const data = join(folder, "data");
      await makeBuiltinDataset(data, { trainPerClass: 2, valPerClass: 1, size: 24 });
      const configured = (name: string) =>
        resolveConfig(settings, {
          train: { dataset_path: join(data, "train"), output_dir: join(runs, name) },
        });
      const losses = (name: string) =>
        Deno.readTextFileSync(join(runs, name, "training_metrics.json")).trim().split("\n")
          .map((line) => JSON.parse(line).total_loss);
      await train(configured("whole"));
      const stop = new AbortController();
      stop.abort();
      assertEquals((await train(configured("cut"), { signal: stop.signal })).done, 1);
      assertEquals((await train(configured("cut"), { resume: true })).done, 12);
      assertEquals(losses("cut"), losses("whole"));
      assertNotEquals(losses("whole")[0], losses("whole").at(-1));
    })
  ));

for (const network of ["student", "teacher"] as const) {
  Deno.test(`weights of the ${network} that cannot be read leave no run folder behind`, () =>
    inTempFolder(async (folder) => {
      const data = join(folder, "data"), run = join(folder, "run");
      await makeBuiltinDataset(data, { trainPerClass: 2, valPerClass: 1, size: 24 });
      const config = resolveConfig(large, {
        [network]: { pretrained_weights: join(folder, "nothing.pth") },
        train: {
          dataset_path: join(data, "train"),
          output_dir: run,
          device: "cpu",
          batch_size_per_gpu: 4,
        },
      });
      await assertRejects(() => train(config), Error, `Cannot use ${network}.pretrained_weights`);
      await assertRejects(() => Deno.stat(run), Deno.errors.NotFound);
    }));
}

Deno.test("what cannot be distilled is refused before anything is trained, with the settings that fit", () =>
  withTeacher((folder, settings) => {
    const refused = (message: string, ...changes: Settings[]) =>
      assertThrows(() => measureRun(resolveConfig(settings, ...changes)), Error, message);
    refused(
      "set student.patch_size=8 dino.head_n_prototypes=16 ibot.head_n_prototypes=12",
      { student: { patch_size: 4 } },
      { dino: { head_n_prototypes: 8 }, ibot: { head_n_prototypes: 8 } },
    );
    refused("set ibot.separate_head=true", { ibot: { separate_head: false } });
    const headless = join(folder, "headless.safetensors");
    scope(() => {
      using learner = new Learner(resolveConfig(large));
      writeSafetensors(headless, learner.emaTeacher.backbone.stateDict());
    });
    refused("it has no dino_head", { teacher: { pretrained_weights: headless } });
    const torn = join(folder, "torn.safetensors");
    scope(() => {
      using learner = new Learner(resolveConfig(large));
      const { "dino_head.last_layer.weight_g": _, ...rest } = learner.emaTeacher.stateDict();
      writeSafetensors(torn, rest);
    });
    refused(
      `Cannot distil "${torn}": its dino_head.last_layer.weight_g is missing`,
      { teacher: { pretrained_weights: torn } },
    );
    const bent = join(folder, "bent.safetensors");
    scope(() => {
      using learner = new Learner(resolveConfig(large));
      const state = learner.emaTeacher.stateDict();
      writeSafetensors(bent, { ...state, "ibot_head.mlp.0.bias": zeros([5]) });
    });
    refused(
      "its ibot_head.mlp.0.bias has the shape [5] instead of [8]",
      { teacher: { pretrained_weights: bent } },
    );
    assertThrows(
      () => resolveConfig(small), // an average cannot teach patches that nothing hides
      RangeError,
      "without a masked crop",
    );
  }));

Deno.test("a teacher whose head holds infinity is refused by the head's name", () =>
  withTeacher((folder, settings) => {
    const broken = join(folder, "broken.safetensors");
    scope(() => {
      using learner = new Learner(resolveConfig(large));
      const state = learner.emaTeacher.stateDict();
      writeSafetensors(broken, { ...state, "ibot_head.mlp.0.bias": full([8], Infinity) });
    });
    const config = resolveConfig(settings, { teacher: { pretrained_weights: broken } });
    assertThrows(
      () => loadFrozenTeacher(config, "cpu"),
      Error,
      "their tensor ibot_head.mlp.0.bias holds NaN or infinity",
    );
    const ofClasses = resolveConfig(config, { ibot: { loss_weight: 0 } });
    using teacher = loadFrozenTeacher(ofClasses, "cpu");
    assertEquals(teacher.ibotHead, null, "a head that teaches nothing is not looked at");
    const asking = teacher.parameters().filter(({ requiresGrad }) => requiresGrad);
    assertEquals([teacher.backbone.training, asking.length], [false, 0]);
  }));

Deno.test("a plan counts a frozen teacher's parameters and work", () =>
  withTeacher((_, settings) => {
    const sizes = measureRun(resolveConfig(settings));
    const { parameters } = measureRun(resolveConfig(large));
    const sum = (counts: object) => Object.values(counts).reduce((a, b) => a + b, 0);
    assertEquals(sizes.teacherParameters, sum(parameters));
    assertEquals(sizes.memory.weights, 4 * (2 * sum(sizes.parameters) + sum(parameters)));
    const own = measureRun(resolveConfig(large)).flops.step.teacher;
    assertEquals(sizes.flops.step.teacher, own);
  }));
