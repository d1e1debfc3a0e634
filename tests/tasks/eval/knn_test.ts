import "../../native.ts";
import { assertEquals } from "@std/assert";
import { evaluateKnn, nameKnnAccuracies } from "../../../src/eval/evaluate_knn.ts";
import { backboneEmbedding, pixelEmbedding } from "../../../src/features/embedding.ts";
import { knnCommand } from "../../../tasks/eval/knn.ts";
import { withRun } from "../small_run.ts";
import { evaluated, reported } from "./run_features.ts";

Deno.test("neighbours, temperature and subsets asked for are those that vote, by features and by pixels", () =>
  withRun(async (folder, flags) => {
    const votes = [
      "--nb-knn",
      "1,7",
      "--temperature",
      "0.5",
      "--n-per-class",
      "2",
      "--n-tries",
      "3",
    ];
    const report = await reported(knnCommand, folder, ...flags, ...votes, "--pixels");
    const options = { nbKnn: [1, 7], temperature: 0.5, nPerClassList: [2], nTries: 3 };
    const metricsOf = async (embedOf: Parameters<typeof evaluated>[1]) =>
      nameKnnAccuracies(await evaluated(folder, embedOf, (a, b) => evaluateKnn(a, b, options)))
        .metrics;
    const metrics = await metricsOf(backboneEmbedding);
    const names = Object.keys(metrics);
    assertEquals(names.map((name) => report[name]), Object.values(metrics));
    const ofPixels = await metricsOf(({ normalization }) => pixelEmbedding(normalization));
    assertEquals(names.map((name) => report.pixels[name]), Object.values(ofPixels));
  }));
