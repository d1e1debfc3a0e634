import { assert, assertEquals, assertThrows } from "@std/assert";
import { lbfgs, type Objective } from "../../src/optim/lbfgs.ts";
import { tensor } from "../../src/tensor/create.ts";
import { assertClose, filled, testTensor } from "../helpers.ts";

/** `½ Σ curvature (x − centre)²` */
function bowl(centre: number[], curvature: number[]): Objective {
  const [at, weights] = [centre, curvature].map((values) => tensor(values, { dtype: "float64" }));
  return (x) => {
    const offset = x.sub(at);
    const gradient = offset.mul(weights);
    return { value: gradient.mul(offset).sum().mul(0.5), gradient };
  };
}

/** Rosenbrock's valley, `(1 − a)² + 100 (b − a²)²`, whose lowest point is (1, 1). */
const rosenbrock: Objective = (x) => {
  const [a, b] = x.toList() as number[];
  const gradient = [-2 * (1 - a) - 400 * a * (b - a * a), 200 * (b - a * a)];
  return {
    value: tensor((1 - a) ** 2 + 100 * (b - a * a) ** 2, { dtype: "float64" }),
    gradient: tensor(gradient, { dtype: "float64" }),
  };
};

testTensor("a bowl a million times steeper one way than another is descended to its bottom", () => {
  const start = filled([4], () => 0);
  const { x, value, converged } = lbfgs(bowl([3, -1, 2, 5], [1e-3, 1, 30, 1e3]), start);
  assertClose(x, [3, -1, 2, 5], { atol: 1e-5 });
  assert(value < 1e-12 && converged);
  assertClose(start, [0, 0, 0, 0], { atol: 0 });
});

testTensor("Rosenbrock's valley is followed round its bend", () => {
  const { x, iterations } = lbfgs(rosenbrock, tensor([-1.2, 1], { dtype: "float64" }));
  assertClose(x, [1, 1], { atol: 1e-8 });
  assert(iterations < 80, `${iterations} steps`);
});

testTensor(
  "values do not rise from step to step, and the steps asked for are the most taken",
  () => {
    const start = tensor([-1.2, 1], { dtype: "float64" });
    let before = Infinity;
    for (const maxIterations of [1, 2, 5, 10, 20]) {
      const { value, iterations, converged } = lbfgs(rosenbrock, start, { maxIterations });
      assertEquals([iterations, converged], [maxIterations, false]);
      assert(value < before, `${value} after ${maxIterations} steps, ${before} before`);
      before = value;
    }
  },
);

testTensor("a start at the bottom ends there", () => {
  const { x, iterations, converged } = lbfgs(
    bowl([3, -1], [1, 2]),
    tensor([3, -1], { dtype: "float64" }),
  );
  assertClose(x, [3, -1], { atol: 0 });
  assertEquals([iterations, converged], [0, true]);
});

testTensor("a step into what is not finite is taken back", () => {
  const objective: Objective = (x) => ({ // x − log x, not a number below 0
    value: x.sub(x.log()).sum(),
    gradient: x.reciprocal().neg().add(1),
  });
  const { x } = lbfgs(objective, tensor([1e-3], { dtype: "float64" }));
  assertClose(x, [1], { atol: 1e-6 });
});

testTensor("a start where the function is not finite is refused", () => {
  const objective: Objective = (x) => ({ value: x.sum().log(), gradient: x.reciprocal() });
  const start = tensor([0], { dtype: "float64" });
  assertThrows(() => lbfgs(objective, start), RangeError, "is -Infinity at the start");
});
