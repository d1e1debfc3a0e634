import { assertEquals } from "@std/assert";
import { countCorrect, type LinearClassifier } from "../../../src/eval/linear_classifier.ts";
import type { LabelledFeatures } from "../../../src/features/labelled_features.ts";
import { LinearGrid } from "../../../src/eval/linear/linear_grid.ts";
import { assertClose, testTensor } from "../../helpers.ts";
import { randomFeatures } from "../random_features.ts";

const width = 3, classes = 4;
const inputs = [{ blocks: 1, avgpool: false }, { blocks: 4, avgpool: true }];
const rates = [0.1, 2];

function makeGrid(): LinearGrid {
  return new LinearGrid({ inputs, rates, width, classes, seed: 0, device: "cpu" });
}

/** Steps of one classifier in double precision, image by image: rows of weights with the bias last. */
function direct(
  rows: number[][],
  batches: readonly LabelledFeatures[],
  { columns, rate, factors }: {
    columns: readonly [number, number];
    rate: number;
    factors: number[];
  },
): number[][] {
  const weights = rows.map((row) => [...row]);
  const velocity = rows.map((row) => row.map(() => 0));
  for (const [step, { features, labels }] of batches.entries()) {
    const images = (features.toList() as number[][]).map((row) => [...row.slice(...columns), 1]);
    const gradient = rows.map((row) => row.map(() => 0));
    for (const [i, image] of images.entries()) {
      const powers = weights.map((row) => Math.exp(row.reduce((s, w, j) => s + w * image[j], 0)));
      const total = powers.reduce((a, b) => a + b);
      for (const [k, power] of powers.entries()) {
        const error = (power / total - (k === labels[i] ? 1 : 0)) / images.length;
        image.forEach((value, j) => gradient[k][j] += error * value);
      }
    }
    for (const [k, row] of weights.entries()) {
      for (const j of row.keys()) {
        velocity[k][j] = 0.9 * velocity[k][j] + gradient[k][j];
        row[j] -= factors[step] * rate * velocity[k][j];
      }
    }
  }
  return weights;
}

function rowsOf({ weight, bias }: LinearClassifier): number[][] {
  const biases = bias.toList() as number[];
  return (weight.toList() as number[][]).map((row, k) => [...row, biases[k]]);
}

testTensor("every classifier takes the steps of a direct computation, as if it were alone", () => {
  const batches = ["a", "b", "c"].map((name) =>
    randomFeatures(name, { size: 10, classes, width: 15 })
  );
  const factors = [1, 0.5, 0.25];
  using grid = makeGrid();
  const places = [0, 1, 2, 3];
  const before = places.map((i) => rowsOf(grid.classifier(i)));
  batches.forEach((batch, i) => grid.step(batch, factors[i]));
  for (const i of places) {
    const columns = i < 2 ? [9, 12] as const : [0, 15] as const;
    const expected = direct(before[i], batches, { columns, rate: rates[i % 2], factors });
    assertClose(rowsOf(grid.classifier(i)), expected, { atol: 2e-6 });
  }
});

testTensor("weights begin small and random, biases at 0, the same for the same seed", () => {
  using a = makeGrid();
  using b = makeGrid();
  const { weight, bias } = a.classifier(3);
  assertClose(weight, b.classifier(3).weight, { atol: 0 });
  assertClose(bias, [0, 0, 0, 0], { atol: 0 });
});

testTensor("counts are those of the classifiers one by one", () => {
  const val = randomFeatures("val", { size: 50, classes, width: 15 });
  using grid = makeGrid();
  for (let i = 0; i < 5; i++) grid.step(val, 1);
  const found = grid.countCorrect(val);
  assertEquals(found.length, 4);
  for (const [i, counts] of found.entries()) {
    const { weight, bias } = grid.classifier(i);
    const columns = i < 2 ? val.features.narrow(1, 9, 3) : val.features;
    assertEquals(counts, countCorrect({ weight, bias }, { ...val, features: columns }));
  }
});

testTensor(
  "weights are normal, of a standard deviation of 0.01, and each classifier has its own",
  () => {
    using wide = new LinearGrid({
      ...{ inputs: [{ blocks: 1, avgpool: true }], rates, seed: 0, device: "cpu" },
      ...{ width: 500, classes: 20 },
    });
    const [first, second] = [0, 1].map((i) => wide.classifier(i).weight); // 20,000 each
    assertClose(first.std(), 0.01, { rtol: 0.03 });
    assertClose(first.mean(), 0, { atol: 3e-4 });
    assertClose(first.abs().lt(0.01).to({ dtype: "float32" }).mean(), 0.683, { atol: 0.02 });
    assertClose(first.sub(second).std(), 0.01 * Math.SQRT2, { rtol: 0.03 });
  },
);
