import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { tensor } from "../../src/tensor/create.ts";
import { Metrics } from "../../src/train/metrics.ts";
import { PendingLosses } from "../../src/train/pending_losses.ts";
import { testTensor } from "../helpers.ts";

testTensor("losses are read late, with their sum as the total", () => {
  const pending = new PendingLosses();
  const metrics = new Metrics();
  const step = (koleo: number, ibot: number, norm: number) => ({
    losses: { koleo_loss: tensor(koleo), ibot_loss: tensor(ibot) },
    gradNorms: { backbone: tensor(norm) },
  });
  pending.add(0, step(0.5, 2, 3), { lr: 0.1 });
  pending.add(1, step(0.25, 1, 4), { lr: 0.2 });
  assertEquals(metrics.recent(), {});
  pending.read(metrics);
  assertEquals(metrics.recent(), {
    lr: [0.1, 0.2],
    total_loss: [2.5, 1.25],
    koleo_loss: [0.5, 0.25],
    ibot_loss: [2, 1],
    backbone_grad_norm: [3, 4],
  });
});

for (const value of [NaN, Infinity]) {
  testTensor(`a loss of ${value} is refused with its name and iteration`, () => {
    const pending = new PendingLosses();
    pending.add(6, { losses: { ibot_loss: tensor(1) }, gradNorms: {} }, {});
    pending.add(7, { losses: { ibot_loss: tensor(value) }, gradNorms: {} }, {});
    assertThrows(
      () => pending.read(new Metrics()),
      Error,
      `ibot_loss became ${value} at iteration 7`,
    );
  });
}

testTensor(
  "advice on a loss that is not finite depends on whether anything was learned before",
  () => {
    const advice = (iteration: number) => {
      const pending = new PendingLosses();
      pending.add(iteration, { losses: { ibot_loss: tensor(NaN) }, gradNorms: {} }, {});
      return assertThrows(() => pending.read(new Metrics()), Error).message;
    };
    assertStringIncludes(advice(0), "the learning rate is not the cause");
    assertStringIncludes(advice(1), "a lower optim.base_lr or a longer optim.warmup_epochs");
  },
);

testTensor("diagnostics are logged for the steps that have them", () => {
  const pending = new PendingLosses();
  const metrics = new Metrics();
  const losses = () => ({ ibot_loss: tensor(1) });
  pending.add(0, {
    losses: losses(),
    gradNorms: {},
    diagnostics: { teacher_entropy: tensor(2) },
  }, {});
  pending.add(1, { losses: losses(), gradNorms: {} }, {});
  pending.read(metrics);
  assertEquals(metrics.recent(), {
    total_loss: [1, 1],
    ibot_loss: [1, 1],
    teacher_entropy: [2],
  });
});

testTensor("losses that nobody reads are let go", () => {
  using pending = new PendingLosses();
  pending.add(0, { losses: { ibot_loss: tensor(1) }, gradNorms: {} }, {});
});

testTensor("a loss scale that fell so low that no step can be taken ends the run", () => {
  const pending = new PendingLosses();
  const step = (scale: number) => ({
    losses: { ibot_loss: tensor(1) },
    gradNorms: { backbone: tensor(Infinity) },
    diagnostics: { loss_scale: tensor(scale) },
  });
  pending.add(10, step(1 / 16), {});
  pending.read(new Metrics());
  pending.add(20, step(1 / 32), {});
  assertThrows(
    () => pending.read(new Metrics()),
    Error,
    "its loss scale fell to 0.03125 at iteration 20. Start again with compute_precision.param_dtype=bf16",
  );
});
