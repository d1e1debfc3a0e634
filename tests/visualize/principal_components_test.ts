import { assertThrows } from "@std/assert";
import { tensor } from "../../src/tensor/create.ts";
import { Generator, randn } from "../../src/tensor/random.ts";
import {
  principalComponents,
  projectOnComponents,
} from "../../src/visualize/principal_components.ts";
import { assertClose, filled, testTensor } from "../helpers.ts";

testTensor("planted directions come back, those of most variance first", () => {
  // Three orthogonal directions; coordinates ±1 in every combination, times 5, 3 and 1.
  const directions = [[0.6, 0.8, 0, 0], [0, 0, 1, 0], [-0.8, 0.6, 0, 0]];
  const scales = [5, 3, 1];
  const rows = Array.from(
    { length: 8 },
    (_, n) =>
      directions[0].map((_, d) =>
        7 +
        scales.reduce((sum, scale, k) => sum + (n >> k & 1 ? scale : -scale) * directions[k][d], 0)
      ),
  );
  const found = principalComponents(tensor(rows), 3);
  assertClose(found.mean, [7, 7, 7, 7]);
  assertClose(found.variances, scales.map((scale) => scale ** 2 * 8 / 7));
  // The element of greatest magnitude is positive: the third direction is turned round.
  assertClose(found.directions.t(), [directions[0], directions[1], [0.8, -0.6, 0, 0]], {
    atol: 1e-9,
  });
  const scores = projectOnComponents(tensor(rows), found);
  assertClose(scores.select(1, 0), rows.map((_, n) => n & 1 ? 5 : -5));
  assertClose(scores.select(1, 2), rows.map((_, n) => n >> 2 & 1 ? -1 : 1), { atol: 1e-6 });
});

testTensor("components are orthonormal and uncorrelated", () => {
  using generator = new Generator(3);
  const features = randn([50, 6], { generator });
  const found = principalComponents(features, 4);
  const { directions, variances } = found;
  assertClose(directions.t().matmul(directions), filled([4, 4], (k) => k % 5 === 0 ? 1 : 0));
  const scores = projectOnComponents(features, found);
  const covariance = scores.t().matmul(scores).div(49);
  assertClose(covariance, filled([4, 4], (k) => k % 5 ? 0 : variances.toArray()[k / 5] as number));
});

testTensor("more components than there can be are refused", () => {
  const refuse = (rows: number, count: number) =>
    assertThrows(() => principalComponents(tensor(Array(rows).fill([1, 2, 3])), count), RangeError);
  refuse(9, 4);
  refuse(2, 2);
  refuse(9, 0);
});

testTensor("features of NaN have no components", () => {
  const features = tensor([[1, 0], [NaN, 1], [2, 3]]);
  assertThrows(() => principalComponents(features, 1), RangeError, "hold NaN or infinity");
});
