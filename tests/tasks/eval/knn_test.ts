import "../../native.ts";
import { assertEquals } from "@std/assert";
import { evaluateKnn, nameKnnAccuracies } from "../../../src/eval/evaluate_knn.ts";
import { backboneEmbedding, pixelEmbedding } from "../../../src/features/embedding.ts";
import { knnCommand } from "../../../tasks/eval/knn.ts";
import { topPercent } from "../../../tasks/eval/percent.ts";
import { withRun } from "../small_run.ts";
import { evaluated, reported } from "./run_features.ts";

Deno.test("neighbours, temperature and subsets asked for are those that vote, by features and by pixels", () =>
  withRun(async (folder, flags) => {
    const votes = ["--nb-knn", "1,7", "--temperature", "0.5", "--n-per-class", "2", "--n-tries=3"];
    const computed = ["--batch-size", "16", "--num-workers", "3"];
    const { report, lines, bars, threads } = await reported(
      ...[knnCommand, folder, ...flags, ...votes, ...computed, "--pixels"] as const,
    );
    const options = { nbKnn: [1, 7], temperature: 0.5, nPerClassList: [2], nTries: 3 };
    const resultsOf = (embedOf: Parameters<typeof evaluated>[1]) =>
      evaluated(folder, embedOf, (a, b) => evaluateKnn(a, b, options));
    const results = await resultsOf(backboneEmbedding);
    const ofPixels = await resultsOf(({ normalization }) => pixelEmbedding(normalization));
    for (const [found, of] of [[results, report], [ofPixels, report.pixels]] as const) {
      const { metrics, intervals } = nameKnnAccuracies(found);
      const names = Object.keys(metrics);
      assertEquals(names.map((name) => of[name]), Object.values(metrics));
      assertEquals(of.intervals, JSON.parse(JSON.stringify(intervals)));
      assertEquals(of.voters, { full: 30, "2 per class": 20 });
    }
    const rows = (found: typeof results) =>
      found.map((each) =>
        `  ${each.setting} (${each.images})`.padEnd(23) + `k = ${each.k}    ${topPercent(each)}`
      );
    assertEquals(lines.slice(4), [
      "30 images of 10 classes for training, 20 images of 10 classes for validation, 32 pixels",
      ...rows(results),
      "raw pixels",
      ...rows(ofPixels),
    ]);
    const counts = ["16/50", "30/50", "46/50", "50/50"]; // batches of 16 of 30 and of 20 images
    assertEquals(bars, ["features", "pixels"].flatMap((of) => counts.map((at) => `${of} ${at}`)));
    assertEquals(threads, 6, "3 for each set, once");
  }));

Deno.test("without flags the neighbours, the temperature and the threads that the help states are taken, and no pixels", () =>
  withRun(async (folder, flags) => {
    const plain = await reported(knnCommand, folder, ...flags);
    const stated = ["--nb-knn", "10,20,100,200", "--temperature", "0.07", "--batch-size", "128"];
    const told = await reported(knnCommand, folder, ...flags, ...stated);
    assertEquals([plain.report, plain.output, plain.bars], [told.report, told.output, told.bars]);
    assertEquals([plain.report.pixels, plain.output.includes("raw pixels")], [undefined, false]);
    assertEquals(plain.threads, 2 * Math.min(10, navigator.hardwareConcurrency));
  }));
