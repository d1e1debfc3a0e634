import { assertEquals, assertThrows } from "@std/assert";
import { tensor } from "../../src/tensor/create.ts";
import { Metrics } from "../../src/train/metrics.ts";
import { PendingLosses } from "../../src/train/pending_losses.ts";
import { testTensor } from "../helpers.ts";

testTensor("losses are read late, with their sum as the total", () => {
  const pending = new PendingLosses();
  const metrics = new Metrics();
  pending.add(0, { koleo_loss: tensor(0.5), ibot_loss: tensor(2) }, { lr: 0.1 });
  pending.add(1, { koleo_loss: tensor(0.25), ibot_loss: tensor(1) }, { lr: 0.2 });
  assertEquals(metrics.recent(), {});
  pending.read(metrics);
  assertEquals(metrics.recent(), {
    lr: [0.1, 0.2],
    total_loss: [2.5, 1.25],
    koleo_loss: [0.5, 0.25],
    ibot_loss: [2, 1],
  });
});

for (const value of [NaN, Infinity]) {
  testTensor(`a loss of ${value} is refused with its name and iteration`, () => {
    const pending = new PendingLosses();
    pending.add(6, { ibot_loss: tensor(1) }, {});
    pending.add(7, { ibot_loss: tensor(value) }, {});
    assertThrows(
      () => pending.read(new Metrics()),
      Error,
      `ibot_loss became ${value} at iteration 7`,
    );
  });
}

testTensor("losses that nobody reads are let go", () => {
  const pending = new PendingLosses();
  pending.add(0, { ibot_loss: tensor(1) }, {});
  pending.dispose();
});
