/**
 * A small model of one's own, trained by AdamW: which of two spirals a point lies on.
 *
 *     deno run -A tests/examples/small_model.ts
 */
import { noGrad } from "@deino/deino/autograd";
import { gelu, Linear, logSoftmax, Module } from "@deino/deino/nn";
import { AdamW, cosineSchedule } from "@deino/deino/optim";
import { Generator, randn, scope, type Tensor, tensor } from "@deino/deino/tensor";

class Classifier extends Module {
  readonly fc1 = new Linear(2, 64, { std: 1 });
  readonly fc2 = new Linear(64, 64, { std: 0.2 });
  readonly fc3 = new Linear(64, 2, { std: 0.2 });

  forward(x: Tensor): Tensor {
    return this.fc3.forward(gelu(this.fc2.forward(gelu(this.fc1.forward(x)))));
  }
}

const POINTS = 200, STEPS = 200;
const spirals = Array.from({ length: POINTS }, (_, i) => {
  const radius = 0.2 + 2 * i / POINTS, angle = 3 * radius + (i % 2) * Math.PI;
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
});
const classes = Array.from({ length: POINTS }, (_, i) => i % 2);

using generator = new Generator(0);
using noise = randn([POINTS, 2], { generator });
using points = scope(() => tensor(spirals).add(noise.mul(0.02)));
using targets = tensor(classes, { dtype: "int64", shape: [POINTS, 1] });
using model = new Classifier();
using optimizer = new AdamW([{ parameters: model.parameters() }]);
const lr = cosineSchedule({ base: 0.01, final: 0, total: STEPS, warmup: 10 });

for (let step = 0; step < STEPS; step++) {
  const loss = scope(() => {
    const logProbabilities = logSoftmax(model.forward(points), 1); // [n, 2]
    const loss = logProbabilities.gather(1, targets).mean().neg();
    loss.backward();
    return loss.item();
  });
  optimizer.step({ lr: lr(step), wd: 0.01 });
  optimizer.zeroGrad();
  if (step % 50 === 0) console.log(`step ${step}: loss ${loss.toFixed(3)}`);
}

const right = noGrad(() =>
  scope(() => model.forward(points).argmax(1, { keepdim: true }).eq(targets).sum().item())
);
console.log(`${right} of ${POINTS} points are right`);
