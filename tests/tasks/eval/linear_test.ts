import "../../native.ts";
import { assertEquals } from "@std/assert";
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
import { topPercent } from "../../../tasks/eval/percent.ts";
import { withRun } from "../small_run.ts";
import { evaluated, reported } from "./run_features.ts";

Deno.test("epochs, rates, batches and seed asked for are those trained by, and the best head is kept", () =>
  withRun(async (folder, flags) => {
    const head = join(folder, "head.safetensors");
    const length = ["--epochs", "2", "--epoch-length", "3", "--learning-rates", "0.1,1"];
    const own = ["--cached", ...length, "--batch-size", "8", "--seed", "5", "--head", head];
    const { report, lines, bars } = await reported(linearCommand, folder, ...flags, ...own);
    const trained = (batchSize: number, seed: number) =>
      evaluated(folder, linearEmbedding, (train, val) => {
        const task = { width: 64, depth: 4, classes: 10, batchSize, images: 30 };
        return evaluateLinear(cachedBatches(train, { batchSize, seed }), val, task, {
          ...{ epochs: 2, epochLength: 3, learningRates: [0.1, 1], seed },
        });
      });
    const result = await trained(8, 5);
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
    assertEquals(file.read("bias").toList(), result.classifier.bias.toList());
    assertEquals(file.state.classifier, result.best.name);
    assertEquals(
      file.state.classes,
      [...Deno.readDirSync(join(folder, "data", "train"))].map(({ name }) => name).sort(),
    );
    const best = result.classifiers.toSorted((a, b) => b.top1.percent - a.top1.percent);
    assertEquals(lines.slice(3).toSpliced(2, 1), [
      `Wrote the best classifier to ${head}`,
      `Wrote results to ${join(folder, "results", "found.json")}`,
      ...best.slice(0, 5).map((one) => `  ${one.name.padEnd(48)} ${topPercent(one)}`),
    ]);
    assertEquals(
      bars.slice(0, 4),
      ["8/50", "16/50", "24/50", "30/50"].map((at) => `features ${at}`),
    );
    assertEquals(bars.slice(-6), [1, 2, 3, 4, 5, 6].map((step) => `training ${step}/6`));
    const plain = await reported(linearCommand, folder, ...flags, "--cached", ...length);
    const usual = await trained(128, 0);
    assertEquals(
      plain.report.classifiers,
      Object.fromEntries(usual.classifiers.map((one) => {
        const { metrics, intervals } = nameTopAccuracy(one);
        return [one.name, JSON.parse(JSON.stringify({ ...metrics, intervals }))];
      })),
      "of seed 0, in batches of 128",
    );
    for (const { classifier: { weight, bias } } of [result, usual]) {
      weight.dispose();
      bias.dispose();
    }
  }));

Deno.test("on random crops the batches are those of --batch-size and --seed", () =>
  withRun(async (folder, flags) => {
    const length = ["--epochs", "1", "--epoch-length", "3", "--learning-rates", "1"];
    const own = [...length, "--batch-size", "8", "--seed", "5"];
    const { report } = await reported(linearCommand, folder, ...flags, ...own);
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
