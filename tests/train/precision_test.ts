import { assert, assertEquals } from "@std/assert";
import { restoreCheckpoint, saveCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Settings } from "../../src/config/schema.ts";
import { noGrad } from "../../src/autograd/mode.ts";
import { setNumThreads } from "../../src/tensor/device.ts";
import { scope } from "../../src/tensor/scope.ts";
import { tensor } from "../../src/tensor/create.ts";
import { manualSeed } from "../../src/tensor/random.ts";
import { diagnose } from "../../src/train/diagnostics.ts";
import { computeType, type Learner } from "../../src/train/learner.ts";
import { Metrics } from "../../src/train/metrics.ts";
import { PendingLosses } from "../../src/train/pending_losses.ts";
import { trainStep } from "../../src/train/step.ts";
import type { TrainingBatch } from "../../src/train/training_batch.ts";
import { assertClose, testTensor } from "../helpers.ts";
import { inTempFolder } from "../temp_folder.ts";
import { noiseBatch, tinyLearner } from "./tiny_learner.ts";

setNumThreads(1); // products this small take longer when they are shared out

type Precision = "fp32" | "bf16" | "fp16";

const learnerIn = (param_dtype: Precision): Learner =>
  tinyLearner("cpu", { compute_precision: { param_dtype }, student: { layerscale: 0.1 } });

/** The same noise for the same iteration. */
function batchOf(iteration: number): TrainingBatch {
  manualSeed(iteration);
  return noiseBatch(iteration, "cpu");
}

Deno.test("the device decides where nothing is set, and a setting decides everywhere", () => {
  const type = (settings: Settings, device: "cpu" | "cuda") =>
    computeType(resolveConfig(settings), device);
  assertEquals([type({}, "cpu"), type({}, "cuda")], ["float32", "bfloat16"]);
  const half: Settings = { compute_precision: { param_dtype: "fp16" } };
  assertEquals([type(half, "cpu"), type(half, "cuda")], ["float16", "float16"]);
});

for (const [type, tolerance] of [["bf16", 0.03], ["fp16", 0.004]] as const) {
  testTensor(`steps in ${type} stay near those in fp32, and weights in float32`, () => {
    using wide = learnerIn("fp32");
    using narrow = learnerIn(type);
    narrow.scaler?.lossScale.fill_(64); // from 65,536 it would halve for ten steps first
    for (let i = 0; i < 3; i++) {
      scope(() => {
        const expected = trainStep(wide, batchOf(i), i), found = trainStep(narrow, batchOf(i), i);
        for (const [name, loss] of Object.entries(found.losses)) {
          assertClose(loss, expected.losses[name].item(), { rtol: tolerance });
          assertEquals(loss.dtype, "float32");
        }
        for (const [name, norm] of Object.entries(found.gradNorms)) {
          assertClose(norm, expected.gradNorms[name].item(), { rtol: 5 * tolerance });
        }
        assertEquals(found.outputs.logits.dtype, narrow.precision.dtype);
      });
    }
    const types = Object.values(narrow.student.stateDict()).map(({ dtype }) => dtype);
    assertEquals(new Set(types), new Set(["float32"]));
    assertEquals(narrow.scaler === null, type === "bf16");
  });
}

testTensor(
  "Float16 that overflows leaves the student alone, and the teacher follows it all the same",
  () => {
    using learner = learnerIn("fp16");
    noGrad(() => learner.student.backbone.clsToken.add_(1));
    scope(() => {
      learner.scaler!.lossScale.fill_(2 ** 60); // its gradients do not fit float16
      const students = learner.student.stateDict(), teacher = learner.teacher.backbone.clsToken;
      const before = Object.values(students).map((value) => value.detach().clone());
      const apart = before[0].sub(teacher).norm().item();
      const { losses, gradNorms, outputs } = trainStep(learner, batchOf(0), 0);
      for (const loss of Object.values(losses)) assert(Number.isFinite(loss.item()));
      assert(!Number.isFinite(gradNorms.backbone.item()));
      for (const [i, value] of Object.values(students).entries()) {
        assertClose(value.detach(), before[i], { rtol: 0, atol: 0 });
      }
      assertClose(learner.optimizer.stateTensors().step, 0);
      assertClose(learner.scaler!.lossScale, 2 ** 59);
      assert(before[0].sub(teacher).norm().item() < apart);
      assertClose(diagnose(outputs).loss_scale, 2 ** 60);
    });
  },
);

Deno.test("a checkpoint takes the loss scale along", () =>
  inTempFolder((folder) => {
    using first = learnerIn("fp16");
    using second = learnerIn("fp16");
    first.scaler!.lossScale.fill_(64);
    scope(() => trainStep(first, batchOf(0), 0));
    const path = saveCheckpoint(folder, { iteration: 0, tensors: first.tensors(), state: {} });
    restoreCheckpoint(path, second.tensors());
    const scaled = second.tensors();
    assertClose(scaled["grad_scaler.scale"], 64);
    assertClose(scaled["grad_scaler.growth_tracker"], 1);
    return Promise.resolve();
  }));

testTensor("metrics leave out the gradient length of a step that was skipped", () => {
  const pending = new PendingLosses();
  const metrics = new Metrics();
  const losses = () => ({ ibot_loss: tensor(1) });
  pending.add(0, { losses: losses(), gradNorms: { backbone: tensor(Infinity) } }, {});
  pending.add(1, { losses: losses(), gradNorms: { backbone: tensor(2) } }, {});
  pending.read(metrics);
  assertEquals(metrics.recent().backbone_grad_norm, [2]);
});
