import "../../native.ts";
import { assertEquals } from "@std/assert";
import { evaluateFewShot, nameFewShotAccuracies } from "../../../src/eval/evaluate_few_shot.ts";
import { tokenEmbedding } from "../../../src/features/embedding.ts";
import { fewShotCommand } from "../../../tasks/eval/fewshot.ts";
import { withRun } from "../small_run.ts";
import { evaluated, reported } from "./run_features.ts";

Deno.test("examples, tries, classifier, temperature and penalty asked for are those evaluated", () =>
  withRun(async (folder, flags) => {
    const cls = (backbone: Parameters<typeof tokenEmbedding>[0]) => tokenEmbedding(backbone, "cls");
    for (
      const [own, options] of [
        [
          ["--n-per-class", "1,2", "--n-tries", "3", "--classifier", "knn", "--temperature", "0.9"],
          { nPerClassList: [1, 2], nTries: 3, classifiers: ["knn"], temperature: 0.9 },
        ],
        [["--n-per-class", "2", "--classifier", "logreg", "--c", "0.01"], {
          nPerClassList: [2],
          classifiers: ["logreg"],
          c: 0.01,
        }],
      ] as const
    ) {
      const report = await reported(fewShotCommand, folder, ...flags, ...own);
      const results = await evaluated(folder, cls, (a, b) => evaluateFewShot(a, b, options));
      const { metrics, intervals, deviations } = nameFewShotAccuracies(results);
      const names = Object.keys(metrics);
      assertEquals(names.map((name) => report[name]), Object.values(metrics));
      assertEquals([report.intervals, report.std], [
        JSON.parse(JSON.stringify(intervals)),
        deviations,
      ]);
      const examples = results.map(({ perClass, images }) => [`${perClass} per class`, images]);
      assertEquals(report.examples, Object.fromEntries(examples));
    }
  }));
