import { assertEquals } from "@std/assert";
import { AdamW } from "../../src/optim/adamw.ts";
import { clipGradNorm } from "../../src/optim/clip_grad_norm.ts";
import { packHandles } from "../../src/optim/packed.ts";
import { tensor } from "../../src/tensor/create.ts";
import { liveTensors, scope } from "../../src/tensor/scope.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { assertClose, testTensor } from "../helpers.ts";

function leaf(values: number[]): Tensor {
  const made = tensor(values);
  made.requiresGrad = true;
  return made;
}

function group(names: string[], parameters: Tensor[], options = {}) {
  return { names, parameters, lrMultiplier: 1, wdMultiplier: 1, isLastLayer: false, ...options };
}

testTensor("three steps are those of the paper's algorithm", () => {
  const parameter = leaf([1, -2]);
  using optimizer = new AdamW([group(["p"], [parameter])]);
  const [lr, wd] = [0.1, 0.04];
  const expected = [1, -2], m = [0, 0], v = [0, 0];
  for (let t = 1; t <= 3; t++) {
    parameter.grad = tensor([0.5 * t, -0.1]);
    optimizer.step({ lr, wd });
    for (const [i, g] of [0.5 * t, -0.1].entries()) {
      m[i] = 0.9 * m[i] + 0.1 * g;
      v[i] = 0.999 * v[i] + 0.001 * g * g;
      expected[i] *= 1 - lr * wd;
      expected[i] -= lr * (m[i] / (1 - 0.9 ** t)) / (Math.sqrt(v[i] / (1 - 0.999 ** t)) + 1e-8);
    }
  }
  assertClose(parameter.detach(), expected);
});

testTensor("multipliers scale the learning rate and switch the decay off", () => {
  const [slow, still] = [leaf([1]), leaf([1])];
  using optimizer = new AdamW([
    group(["slow"], [slow], { lrMultiplier: 0.5, wdMultiplier: 0 }),
    group(["still"], [still], { isLastLayer: true }),
  ]);
  for (const parameter of [slow, still]) parameter.grad = tensor([3]);
  optimizer.step({ lr: 0.1, wd: 0.04, lastLayerLr: 0 });
  assertClose(slow.detach(), [1 - 0.05]); // the first step is as long as the learning rate
  assertClose(still.detach(), [1]);
});

testTensor("a parameter without a gradient stays where it is", () => {
  const [moved, left] = [leaf([1]), leaf([1])];
  using optimizer = new AdamW([group(["moved", "left"], [moved, left])]);
  moved.grad = tensor([1]);
  optimizer.step({ lr: 0.1, wd: 0.5 });
  assertClose(left.detach(), [1]);
  optimizer.zeroGrad();
  assertEquals(moved.grad, null);
});

testTensor("the state names moments by parameter", () => {
  using optimizer = new AdamW([group(["a.weight"], [leaf([1])])]);
  assertEquals(Object.keys(optimizer.stateTensors()), [
    "step",
    "exp_avg.a.weight",
    "exp_avg_sq.a.weight",
  ]);
});

testTensor("clipping shortens gradients to the norm asked for, and reports the norm before", () => {
  const parameters = [leaf([0, 0]), leaf([0])];
  parameters[0].grad = tensor([3, 0]);
  parameters[1].grad = tensor([4]);
  assertClose(clipGradNorm(packHandles(parameters), 1), 5);
  assertClose(parameters[0].grad!, [0.6, 0], { atol: 1e-6 });
  assertClose(clipGradNorm(packHandles(parameters), 3), 1, { atol: 1e-6 });
  assertClose(parameters[1].grad!, [0.8], { atol: 1e-6 });
});

testTensor("gradients of almost no length are clipped as if they were 1e-6 longer", () => {
  const parameter = leaf([0]);
  parameter.grad = tensor([1e-6]);
  clipGradNorm(packHandles([parameter]), 5e-7);
  assertClose(parameter.grad!, [0.25e-6], { atol: 1e-12, rtol: 1e-4 });
});

testTensor("clipping without gradients reports a norm of 0", () => {
  assertClose(clipGradNorm(packHandles([leaf([1])]), 3), 0);
});

Deno.test("a hundred steps leave no tensors behind", () => {
  const before = liveTensors();
  scope(() => {
    const parameter = leaf([1, 2]);
    using optimizer = new AdamW([group(["p"], [parameter])]);
    for (let i = 0; i < 100; i++) {
      scope(() => {
        parameter.mul(parameter).sum().backward();
        clipGradNorm(packHandles([parameter]), 1);
        optimizer.step({ lr: 0.01, wd: 0 });
        optimizer.zeroGrad();
      });
    }
  });
  assertEquals(liveTensors(), before);
});

testTensor("a clipping of 0 leaves gradients alone", () => {
  const parameter = leaf([0, 0]);
  parameter.grad = tensor([3, 4]);
  assertClose(clipGradNorm(packHandles([parameter]), 0), 5);
  assertClose(parameter.grad!, [3, 4]);
});

testTensor(
  "the divisor's 1e-8 is felt by small gradients, and the first moment's decay may be scheduled",
  () => {
    const small = leaf([0]), scheduled = leaf([0]);
    using first = new AdamW([group(["p"], [small])]);
    small.grad = tensor([1e-7]);
    first.step({ lr: 1, wd: 0 });
    assertClose(small.detach(), [-1e-7 / (1e-7 + 1e-8)], { rtol: 1e-4 });
    using second = new AdamW([group(["p"], [scheduled])]);
    for (const gradient of [1, 0]) {
      scheduled.grad = tensor([gradient]);
      second.step({ lr: 1, wd: 0, beta1: 0.5 });
    }
    // Moments 0.5 and 0.25 over 1 - 0.5 and 1 - 0.25; of squares 0.000999 over 1 - 0.999².
    assertClose(scheduled.detach(), [-1 - (1 / 3) / Math.sqrt(0.000999 / 0.001999)], {
      rtol: 1e-4,
    });
  },
);
