import { assertEquals } from "@std/assert";
import { scope } from "../../src/tensor/scope.ts";
import { trainStep } from "../../src/train/step.ts";
import { assertClose, testTensor } from "../helpers.ts";
import { noiseBatch, tinyLearner } from "./tiny_learner.ts";

testTensor("the decays of AdamW's moments are the run's", () => {
  using learner = tinyLearner("cpu", { optim: { adamw_beta1: 0.5, adamw_beta2: 0.9 } });
  scope(() => trainStep(learner, noiseBatch(0, "cpu"), 0));
  const state = learner.optimizer.stateTensors();
  const name = "backbone.blocks.0.mlp.fc1.bias";
  // After one step they are (1 - β₁) g and (1 - β₂) g².
  const [mean, square] = [state[`exp_avg.${name}`], state[`exp_avg_sq.${name}`]];
  assertClose(square, mean.pow(2).mul(0.1 / 0.25), { rtol: 1e-4, atol: 1e-20 });
});

testTensor(
  "the EMA teacher drops no branch, is in evaluation mode and asks for no gradient",
  () => {
    using learner = tinyLearner("cpu");
    const { student, emaTeacher } = learner;
    assertEquals([student, emaTeacher].map((network) => network.training), [true, false]);
    assertEquals(
      [student, emaTeacher].map(({ backbone }) => backbone.options.dropPathRate),
      [0.3, 0],
    );
    assertEquals(new Set(student.parameters().map((each) => each.requiresGrad)), new Set([true]));
    assertEquals(
      new Set(emaTeacher.parameters().map((each) => each.requiresGrad)),
      new Set([false]),
    );
  },
);
