import "../../native.ts";
import { assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { cachedBatches } from "../../../src/eval/linear/cached_batches.ts";
import { evaluateLinear } from "../../../src/eval/linear/evaluate_linear.ts";
import { nameTopAccuracy } from "../../../src/eval/accuracy.ts";
import { linearEmbedding } from "../../../src/eval/linear/linear_embedding.ts";
import { openTensorFile } from "../../../src/checkpoint/open_tensor_file.ts";
import { loadBackbone } from "../../../src/backbone/backbone.ts";
import { openImages } from "../../../src/data/sources/open.ts";
import { EvaluationSet } from "../../../src/features/evaluation_set.ts";
import { linearCommand } from "../../../tasks/eval/linear.ts";
import { withRun } from "../small_run.ts";
import { evaluated, reported } from "./run_features.ts";

Deno.test("epochs, rates, batches and seed asked for are those trained by, and the best head is kept", () =>
  withRun(async (folder, flags) => {
    const head = join(folder, "head.safetensors");
    const length = ["--epochs", "2", "--epoch-length", "3", "--learning-rates", "0.1,1"];
    const own = ["--cached", ...length, "--batch-size", "8", "--seed", "5", "--head", head];
    const report = await reported(linearCommand, folder, ...flags, ...own);
    const task = { width: 64, depth: 4, classes: 10, batchSize: 8, images: 30 };
    const result = await evaluated(
      folder,
      linearEmbedding,
      (train, val) =>
        evaluateLinear(cachedBatches(train, { batchSize: 8, seed: 5 }), val, task, {
          ...{ epochs: 2, epochLength: 3, learningRates: [0.1, 1], seed: 5 },
        }),
    );
    assertEquals(
      [report.best_classifier, report.val_accuracy, report.val_mean_per_class, report.diverged],
      [result.best.name, result.best.top1.percent, result.best.meanPerClass, []],
    );
    assertEquals(Object.keys(report.classifiers), result.classifiers.map(({ name }) => name));
    assertEquals(report.intervals, { val_accuracy: result.best.top1.interval });
    assertEquals(
      Object.values(report.classifiers),
      result.classifiers.map((one) => {
        const { metrics, intervals } = nameTopAccuracy(one);
        return { ...metrics, intervals };
      }),
    );
    assertEquals(
      report.history,
      result.history.map(({ iteration, best }) => ({
        ...{ iteration, best_classifier: best.name, val_accuracy: best.top1.percent },
      })),
    );
    assertEquals(result.history.map(({ iteration }) => iteration), [3, 6]);
    using file = openTensorFile(head);
    assertEquals(file.read("weight").toList(), result.classifier.weight.toList());
    assertEquals(file.state.classifier, result.best.name);
    const other = await reported(linearCommand, folder, ...flags, ...own.toSpliced(10, 1, "6"));
    assertNotEquals(other.classifiers, report.classifiers, "another seed");
    for (const item of [result.classifier.weight, result.classifier.bias]) item.dispose();
  }));

Deno.test("on random crops the batches are those of --batch-size and --seed", () =>
  withRun(async (folder, flags) => {
    const length = ["--epochs", "1", "--epoch-length", "3", "--learning-rates", "1"];
    const own = [...length, "--batch-size", "8", "--seed", "5"];
    const report = await reported(linearCommand, folder, ...flags, ...own);
    const backbone = loadBackbone(join(folder, "run"));
    using _ = backbone.model;
    const open = async (part: string) =>
      new EvaluationSet(await openImages(join(folder, "data", part), { channels: 3 }), {
        ...{ imageSize: 32, batchSize: 8, workers: 1 },
      });
    using train = await open("train");
    using val = await open("val");
    const embed = linearEmbedding(backbone);
    const known = await val.features(embed);
    const task = { width: 64, depth: 4, classes: 10, batchSize: 8, images: 30 };
    const { classifiers, classifier } = await evaluateLinear(
      train.augmented(embed, { seed: 5 }),
      known,
      task,
      { epochs: 1, epochLength: 3, learningRates: [1], seed: 5 },
    );
    assertEquals(
      classifiers.map(({ name }) => report.classifiers[name]["top-1"]),
      classifiers.map(({ top1 }) => top1.percent),
    );
    for (const item of [classifier.weight, classifier.bias, known.features]) item.dispose();
  }));
