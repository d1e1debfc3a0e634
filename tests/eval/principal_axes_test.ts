import { assertEquals } from "@std/assert";
import { principalAxes } from "../../src/eval/principal_axes.ts";
import { eye, tensor } from "../../src/tensor/create.ts";
import { Generator, randn } from "../../src/tensor/random.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { assertClose, testTensor } from "../helpers.ts";

function randomPoints(count: number, width: number): Tensor {
  const points = randn([count, width], { generator: new Generator(2) }).to({ dtype: "float64" });
  return points.sub(points.mean(0));
}

testTensor("points on a line have it for an axis", () => {
  const { eigenvalues, axes } = principalAxes(tensor([[3, 4], [-3, -4]], { dtype: "float64" }));
  assertClose(eigenvalues, [0, 25]);
  assertClose(axes.select(1, 1).abs(), [0.6, 0.8]);
});

for (const [count, width] of [[9, 4], [4, 9]]) {
  testTensor(`${count} points of ${width} numbers are turned without loss or correlation`, () => {
    const points = randomPoints(count, width);
    const { eigenvalues, axes } = principalAxes(points);
    const rank = Math.min(count - 1, width);
    assertClose(axes.t().matmul(axes), eye(rank), { atol: 1e-12 });
    const turned = points.matmul(axes);
    assertClose(turned.matmul(axes.t()), points, { atol: 1e-12 });
    const covariance = turned.t().matmul(turned).div(count);
    assertClose(covariance, eye(rank).to({ dtype: "float64" }).mul(eigenvalues), { atol: 1e-12 });
  });
}

testTensor("directions in which nothing varies but rounding are no axes", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const points = randn([6, 40], { generator: new Generator(seed) }).to({ dtype: "float64" });
    const { eigenvalues, axes } = principalAxes(points.sub(points.mean(0)));
    assertEquals([eigenvalues.shape, axes.shape], [[5], [40, 5]]); // the mean takes one away
    assertClose(axes.t().matmul(axes), eye(5), { atol: 1e-9 });
  }
});
