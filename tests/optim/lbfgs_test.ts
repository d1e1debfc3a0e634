import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { lbfgs, type LbfgsOptions, type Objective } from "../../src/optim/lbfgs.ts";
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

testTensor(
  "the first try goes no farther than 1 in all directions together, later ones as far as the history says",
  () => {
    const tried = (curvature: number[], start: number[]) => {
      const points: number[][] = [];
      const objective = bowl([0, 0], curvature);
      lbfgs((x) => (points.push(x.toList() as number[]), objective(x)), tensor(start), {
        maxIterations: 2,
      });
      return points;
    };
    const steep = tried([10, 10], [3, 1]); // a gradient of 30 and 10
    assertClose(steep[1], [3 - 30 / 40, 1 - 10 / 40], { rtol: 1e-6 });
    assertClose(steep[2], [0, 0], { atol: 1e-6 });
    assertClose(tried([0.1, 0.1], [3, 1])[1], [3 - 0.3, 1 - 0.1], { rtol: 1e-6 });
  },
);

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

testTensor(
  "it rests when ten steps together lower the value by no more than the tolerance's share",
  () => {
    const start = tensor([-1.2, 1], { dtype: "float64" });
    const after = (maxIterations: number) => lbfgs(rosenbrock, start, { maxIterations }).value;
    const values = Array.from({ length: 30 }, (_, steps) => after(steps));
    for (const tolerance of [50, 5]) {
      const isAtRest = (value: number, i: number) =>
        i >= 10 && values[i - 10] - value <= tolerance * Math.abs(value);
      const { iterations, converged } = lbfgs(rosenbrock, start, { tolerance });
      assertEquals([iterations, converged], [values.findIndex(isAtRest), true]);
    }
  },
);

testTensor(
  "unless told otherwise ten steps are remembered, a thousand taken, fifty tries made in each",
  () => {
    const curvatures = Array.from({ length: 40 }, (_, i) => 1.6 ** i);
    const objective = bowl(curvatures.map(() => 1), curvatures);
    const start = filled([40], () => 0);
    const run = (options: LbfgsOptions) => {
      const { x, ...others } = lbfgs(objective, start, options);
      return { x: x.toList(), ...others };
    };
    const own = run({});
    assertEquals(own, run({ historySize: 10, maxIterations: 1000, tolerance: 1e-12 }));
    for (const historySize of [9, 11]) assertNotEquals(run({ historySize }).x, own.x);
    let tries = 0; // of a function that falls more and more slowly, so that steps double
    const endless: Objective = (x) => {
      tries++;
      return { value: x.sum().neg(), gradient: filled([1], () => -1) };
    };
    lbfgs(endless, filled([1], () => 0), { maxIterations: 1 });
    assertEquals(tries, 1 + 50);
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
  const steep: Objective = (x) => ({ value: x.sum(), gradient: x.reciprocal() });
  assertThrows(() => lbfgs(steep, start), RangeError, "has no finite gradient there");
});
