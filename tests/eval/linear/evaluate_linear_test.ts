import "../../native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { cachedBatches } from "../../../src/eval/linear/cached_batches.ts";
import {
  evaluateLinear,
  type LinearEvaluationOptions,
  type LinearResult,
} from "../../../src/eval/linear/evaluate_linear.ts";
import { countCorrect } from "../../../src/eval/linear_classifier.ts";
import { inputColumns } from "../../../src/eval/linear/linear_embedding.ts";
import {
  classifierNames,
  linearInputs,
  scaleRates,
} from "../../../src/eval/linear/linear_protocol.ts";
import { LinearGrid } from "../../../src/eval/linear/linear_grid.ts";
import { liveTensors, scope } from "../../../src/tensor/scope.ts";
import { assertClose } from "../../helpers.ts";
import { randomFeatures } from "../random_features.ts";

const shape = { classes: 4, width: 10, spread: 1 };
const task = { width: 2, depth: 4, classes: 4, batchSize: 32, images: 200 };

/** A test on random features that fails when native tensors outlive it. */
function testLinear(
  name: string,
  body: (evaluate: (options: LinearEvaluationOptions) => Promise<LinearResult>) => Promise<void>,
): void {
  Deno.test(name, async () => {
    const before = liveTensors();
    const train = randomFeatures("train", { size: 200, ...shape });
    const val = randomFeatures("val", { size: 80, ...shape });
    try {
      await body(async (options) => {
        const batches = cachedBatches(train, { batchSize: 32, seed: options.seed ?? 0 });
        const result = await evaluateLinear(batches, val, task, options);
        for (const item of Object.values(result.classifier)) item.dispose();
        return result;
      });
    } finally {
      for (const { features } of [train, val]) features.dispose();
    }
    assertEquals(liveTensors() - before, 0, "native tensors outlived the test");
  });
}

testLinear("classifiers learn, and the best of them counts", async (evaluate) => {
  const { best, classifiers, history } = await evaluate({ epochs: 2, epochLength: 30 });
  assertEquals(classifiers.length, 52);
  assertEquals(best.top1.percent, Math.max(...classifiers.map(({ top1 }) => top1.percent)));
  assert(best.top1.percent > 80, `${best.top1.percent} %`);
  assertEquals(history.map(({ iteration }) => iteration), [30, 60]);
  assertEquals(history[1].best, best);
});

testLinear("the same seed gives the same classifiers, another one others", async (evaluate) => {
  const run = async (seed: number) => {
    const { classifiers } = await evaluate({ seed, epochs: 1, epochLength: 5 });
    return classifiers.map(({ top1 }) => top1.percent);
  };
  const first = await run(0);
  assertEquals(await run(0), first);
  assert((await run(1)).some((percent, i) => percent !== first[i]));
});

testLinear("a small set has epochs of 100 iterations", async (evaluate) => {
  const seen = new Set<number>();
  const learningRates = [0.1];
  await evaluate({ epochs: 1, learningRates, onProgress: (_, total) => seen.add(total) });
  assertEquals([...seen], [100]);
});

testLinear("lengths that make no sense are refused", async (evaluate) => {
  await assertRejects(() => evaluate({ epochs: 0 }), RangeError, "for 0 epochs");
});

testLinear("classifiers that diverge are named, and never the best", async (evaluate) => {
  const learningRates = [1e39, 0.1];
  const result = await evaluate({ epochs: 2, epochLength: 6, learningRates });
  assertEquals([result.classifiers.length, result.diverged.length], [4, 4]);
  assert(result.diverged.every((name) => name.includes("lr_1_25e+38")), result.diverged.join());
  assert(result.best.name.endsWith("lr_0_01250"), result.best.name);
  assert(result.classifiers.every(({ name }) => !result.diverged.includes(name)));
});

testLinear("where all classifiers diverge that is refused, with their rates", async (evaluate) => {
  await assertRejects(
    () => evaluate({ epochs: 2, epochLength: 6, learningRates: [1e39] }),
    RangeError,
    "all 4 had diverged after 6 iterations. Lower the learning rates, 1.25e+38 for batches of 32",
  );
});

Deno.test("over all epochs learning rates fall to 0 along one half of a cosine", async () => {
  const before = liveTensors();
  const train = randomFeatures("train", { size: 200, ...shape });
  const batches = () => cachedBatches(train, { batchSize: 32, seed: 0 });
  const learningRates = [0.8], total = 6;
  const { classifier, best } = await evaluateLinear(batches(), train, task, {
    ...{ epochs: 2, epochLength: 3, learningRates, seed: 5 },
  });
  const inputs = linearInputs(4);
  const rates = [0.1]; // 0.8 for 256 images is 0.1 for 32
  using grid = new LinearGrid({ inputs, rates, width: 2, classes: 4, seed: 5, device: "cpu" });
  let step = 0;
  for (const compute of batches()) {
    scope(() => grid.step(compute(), (1 + Math.cos(Math.PI * step / total)) / 2));
    if (++step === total) break;
  }
  const place = classifierNames(inputs, rates).indexOf(best.name);
  scope(() => assertClose(classifier.weight, grid.classifier(place).weight));
  for (const item of [classifier.weight, classifier.bias, train.features]) item.dispose();
  grid[Symbol.dispose]();
  assertEquals(liveTensors() - before, 0);
});

testLinear("unless told otherwise 13 rates are trained for ten epochs", async (evaluate) => {
  let total = 0;
  const { history } = await evaluate({ epochLength: 1, onProgress: (_, all) => total = all });
  assertEquals([history.length, total], [10, 10]);
});

Deno.test("an epoch shows every image once, in 100 to 1250 iterations", async () => {
  const val = randomFeatures("val", { size: 4, ...shape });
  const totalOf = async (images: number) => {
    let total = 0;
    const options = { epochs: 1, onProgress: (_: number, all: number) => total = all };
    await evaluateLinear([() => val], val, { ...task, images }, options).catch(() => {});
    return total;
  };
  assertEquals(await totalOf(32 * 100), 100);
  assertEquals(await totalOf(32 * 100 + 1), 101);
  assertEquals(await totalOf(10 ** 6), 1250);
  val.features.dispose();
});

Deno.test("of classifiers that do equally well the first is the best", async () => {
  const train = randomFeatures("train", { size: 60, ...shape, spread: 20 });
  const batches = cachedBatches(train, { batchSize: 32, seed: 0 });
  const { best, classifiers, classifier } = await evaluateLinear(batches, train, task, {
    ...{ epochs: 1, epochLength: 40, learningRates: [0.05, 0.1] },
  });
  const equal = classifiers.filter(({ top1 }) => top1.percent === best.top1.percent);
  assert(equal.length > 1, "no two are equal");
  assertEquals(best, equal[0]);
  for (const item of [classifier.weight, classifier.bias, train.features]) item.dispose();
});

Deno.test("the weights given are those of the best, also behind classifiers that diverged", async () => {
  const train = randomFeatures("train", { size: 100, ...shape });
  const batches = cachedBatches(train, { batchSize: 32, seed: 0 });
  const learningRates = [1e39, 0.2, 0.8];
  const { best, classifier } = await evaluateLinear(batches, train, task, {
    ...{ epochs: 1, epochLength: 20, learningRates },
  });
  const inputs = linearInputs(4);
  const place = classifierNames(inputs, scaleRates(learningRates, 32)).indexOf(best.name);
  const input = inputs[Math.floor(place / learningRates.length)];
  const { top1 } = scope(() => {
    const features = inputColumns(train.features, input, task.width);
    return countCorrect(classifier, { ...train, features });
  });
  assertEquals(top1, best.top1.percent);
  for (const item of [classifier.weight, classifier.bias, train.features]) item.dispose();
});
