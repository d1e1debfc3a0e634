import { assertEquals } from "@std/assert";
import { AdamW } from "../../src/optim/adamw.ts";
import { GradScaler } from "../../src/optim/grad_scaler.ts";
import { packHandles } from "../../src/optim/packed.ts";
import { tensor } from "../../src/tensor/create.ts";
import { scope } from "../../src/tensor/scope.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { assertClose, testTensor } from "../helpers.ts";

/** Two parameters with their gradients, and an optimiser of both. */
function withGradients(first: number, second: number) {
  const parameters = [tensor([1]), tensor([2])];
  for (const [i, parameter] of parameters.entries()) {
    parameter.requiresGrad = true;
    parameter.grad = tensor([[first, second][i]]);
  }
  const group = { lrMultiplier: 1, wdMultiplier: 1, isLastLayer: false };
  const optimizer = new AdamW([{ ...group, names: ["a", "b"], parameters }]);
  return { parameters, packed: packHandles(parameters), optimizer };
}

testTensor("losses are scaled by 65,536 at first, and gradients back", () => {
  using scaler = new GradScaler();
  assertClose(scaler.scale(tensor(3)), 3 * 65_536);
  const { parameters, packed, optimizer } = withGradients(65_536, -32_768);
  assertClose(scaler.unscale(packed), 0);
  assertClose(parameters[0].grad!, [1]);
  assertClose(parameters[1].grad!, [-0.5]);
  optimizer[Symbol.dispose]();
});

for (const broken of [Infinity, -Infinity, NaN]) {
  testTensor(`a gradient of ${broken} skips the step whole and halves the scale`, () => {
    using scaler = new GradScaler();
    const { parameters, packed, optimizer } = withGradients(1, broken);
    const overflow = scaler.unscale(packed);
    optimizer.step({ lr: 0.1, wd: 0.1, overflow });
    scaler.update();
    assertClose(parameters.map((parameter) => parameter.item()), [1, 2], { rtol: 0, atol: 0 });
    const left = Object.values(optimizer.stateTensors()).map((value) => value.item());
    assertEquals(left, Array(5).fill(0));
    assertClose(scaler.lossScale, 32_768);

    parameters[1].grad = tensor([32_768]); // the next step is the first one that counts
    optimizer.step({ lr: 0.1, wd: 0, overflow: scaler.unscale(packed) });
    assertClose(parameters[1].detach(), [1.9]);
    assertClose(optimizer.stateTensors().step, 1);
    optimizer[Symbol.dispose]();
  });
}

testTensor("the scale doubles after 2,000 steps in a row that did not overflow", () => {
  using scaler = new GradScaler();
  const { parameters, packed, optimizer } = withGradients(1, 1);
  const steps = (count: number, gradient: number) => {
    for (let i = 0; i < count; i++) {
      scope(() => {
        parameters[0].grad = tensor([gradient]);
        scaler.unscale(packed);
        scaler.update();
      });
    }
  };
  const scale = (): Tensor => scaler.lossScale;
  steps(1999, 1);
  assertClose(scale(), 65_536);
  steps(1, NaN);
  assertClose(scale(), 32_768);
  steps(1999, 1);
  assertClose(scale(), 32_768);
  steps(1, 1);
  assertClose(scale(), 65_536);
  optimizer[Symbol.dispose]();
});
