import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { noGrad } from "../../src/autograd/mode.ts";
import { full } from "../../src/tensor/create.ts";
import { manualSeed } from "../../src/tensor/random.ts";
import { liveTensors, scope } from "../../src/tensor/scope.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import type { TrainEvent } from "../../src/train/events.ts";
import type { Learner } from "../../src/train/learner.ts";
import { trainStep } from "../../src/train/step.ts";
import { StepDebugging } from "../../src/train/step_debugging.ts";
import { testTensor } from "../helpers.ts";
import { inTempFolder } from "../temp_folder.ts";
import { noiseBatch, tinyLearner } from "./tiny_learner.ts";

/** A step of a learner that is looked at. */
function step(
  learner: Learner,
  debugging: StepDebugging,
  iteration: number,
  spoil = (_: Tensor) => {},
) {
  const run = () =>
    debugging.run(iteration, (onGradients) => {
      const batch = noiseBatch(iteration, "cpu");
      spoil(batch.globalCrops);
      return trainStep(learner, batch, iteration, onGradients);
    });
  scope(() => void run());
}

const nowhere = { folder: { path: "/nowhere" } as never, done: 2, total: 8, onEvent: () => {} };

function fill(value: Tensor, number: number): void {
  noGrad(() => scope(() => void value.detach().fill_(number)));
}

testTensor(
  "the first module that returns a value that is not finite is named, with the step",
  () => {
    using learner = tinyLearner("cpu");
    using debugging = new StepDebugging({ learner, ...nowhere }, { detectAnomaly: true });
    step(learner, debugging, 0);
    fill(learner.student.stateDict()["backbone.blocks.0.mlp.fc2.weight"], 3e38); // finite, but products with it are not
    assertThrows(
      () => step(learner, debugging, 1),
      Error,
      "Cannot continue: at iteration 1 the first values that are not finite are " +
        "the outputs of student.backbone.blocks.0.mlp.fc2",
    );
  },
);

testTensor("a run that is not looked at has no hooks, and one that was has none left", () => {
  using learner = tinyLearner("cpu");
  const isHooked = () => Object.hasOwn(learner.student.backbone, "forwardFeatures");
  const states = [{}, { detectAnomaly: true }].map((options) => {
    using debugging = new StepDebugging({ learner, ...nowhere }, options);
    const during = isHooked();
    step(learner, debugging, 0);
    return during;
  });
  assertEquals([...states, isHooked()], [false, true, false]);
});

testTensor("crops that are not finite are named as what the network is given", () => {
  using learner = tinyLearner("cpu");
  using debugging = new StepDebugging({ learner, ...nowhere }, { detectAnomaly: true });
  assertThrows(
    () => step(learner, debugging, 0, (crops) => fill(crops, NaN)),
    Error,
    "at iteration 0 the first values that are not finite are the inputs of teacher.backbone.forwardFeatures",
  );
});

testTensor("of gradients that are not finite the one nearest to the losses is named", () => {
  using learner = tinyLearner("cpu");
  using debugging = new StepDebugging({ learner, ...nowhere }, { detectAnomaly: true });
  const { backbone } = learner.student;
  const spoiled = () =>
    debugging.run(0, (onGradients) => {
      const result = trainStep(learner, noiseBatch(0, "cpu"), 0);
      for (
        const parameter of [
          backbone.clsToken,
          backbone.norm.weight,
          backbone.patchEmbed.proj.weight,
        ]
      ) {
        parameter.grad = full(parameter.shape, NaN);
      }
      onGradients!();
      return result;
    });
  assertThrows(
    () => scope(() => void spoiled()),
    Error,
    "the first values that are not finite are the gradients of student.backbone.norm.weight",
  );
});

testTensor("gradients beyond float16 are no anomaly, since their step is skipped", () => {
  using learner = tinyLearner("cpu", { compute_precision: { param_dtype: "fp16" } });
  using debugging = new StepDebugging({ learner, ...nowhere }, { detectAnomaly: true });
  noGrad(() => learner.scaler!.lossScale.fill_(2 ** 60));
  step(learner, debugging, 0);
  assertEquals(learner.scaler!.lossScale.item(), 2 ** 59);
});

testTensor("weights that are not finite to begin with are named before the first step", () => {
  using learner = tinyLearner("cpu");
  fill(learner.student.backbone.clsToken, Infinity);
  assertThrows(
    () => new StepDebugging({ learner, ...nowhere }, { detectAnomaly: true }),
    Error,
    "before the first step the first values that are not finite are the weights student.backbone.cls_token",
  );
});

testTensor("a run that is looked at takes the same steps, bit for bit", () => {
  const weightsAfter = (detectAnomaly: boolean) => {
    manualSeed(0);
    using learner = tinyLearner("cpu");
    using debugging = new StepDebugging({ learner, ...nowhere }, { detectAnomaly });
    for (let i = 0; i < 2; i++) step(learner, debugging, i);
    return Object.entries(learner.tensors()).map(([name, value]) => [name, value.toList()]);
  };
  assertEquals(weightsAfter(true), weightsAfter(false));
});

Deno.test("a profile of two steps is told after five, with the modules by name in its trace", () =>
  inTempFolder((folder) => {
    const before = liveTensors();
    const events: TrainEvent[] = [];
    {
      using learner = tinyLearner("cpu");
      const run = {
        learner,
        folder: { path: folder } as never,
        done: 0,
        total: 6,
        onEvent: (event: TrainEvent) => events.push(event),
      };
      using debugging = new StepDebugging(run, { profile: 2 });
      for (let i = 0; i < 6; i++) {
        step(learner, debugging, i);
        assertEquals(events.length, i < 4 ? 0 : 1);
      }
    }
    assertEquals(liveTensors(), before);
    const [{ summary }] = events.filter((event) => event.kind === "profile");
    const { steps, parts, operators, kernels } = summary;
    assertEquals(steps, 2);
    assertEquals(parts.map(({ name }) => name), [
      ...["teacher", "targets", "student", "losses", "backward", "optimizer", "EMA teacher"],
      "between steps, waiting for crops",
    ]);
    assert(operators.some(({ name }) => name === "aten::addmm"));
    assertEquals(kernels, []);
    const trace = Deno.readTextFileSync(join(folder, "trace.json"));
    assert(trace.includes('"student.backbone.blocks.0'));
    return Promise.resolve();
  }));

Deno.test("no step, half a one, or more than there are, is not profiled", () => {
  using learner = tinyLearner("cpu");
  const refused = [[0, "from 1"], [1.5, "from 1"], [
    4,
    "Cannot profile 4 steps after the first 3: the run has 6 to go",
  ]] as const;
  for (const [profile, message] of refused) {
    assertThrows(
      () => new StepDebugging({ learner, ...nowhere }, { profile }),
      RangeError,
      message,
    );
  }
});
