import "../../native.ts";
import { assertEquals } from "@std/assert";
import {
  evaluateFewShot,
  nameFewShotAccuracies,
  type TriedAccuracy,
} from "../../../src/eval/evaluate_few_shot.ts";
import { tokenEmbedding } from "../../../src/features/embedding.ts";
import { fewShotCommand } from "../../../tasks/eval/fewshot.ts";
import { columns } from "../../../tasks/eval/percent.ts";
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
      const { report, lines, bars } = await reported(fewShotCommand, folder, ...flags, ...own);
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
      const cell = ({ percent, std }: TriedAccuracy) =>
        `${percent.toFixed(2)} ± ${std.toFixed(2)} %`.padEnd(16);
      assertEquals(
        lines.slice(5),
        results.map(({ perClass, images, classifier, top1, top5, meanPerClass }) =>
          `  ${perClass} per class (${images})`.padEnd(23) + classifier.padEnd(8) +
          columns(cell(top1), top5 && cell(top5), meanPerClass)
        ),
      );
      const tries = results.length * (options.nTries ?? 5);
      assertEquals(
        bars.slice(-2),
        [tries - 1, tries].map((n) => `choices of examples ${n}/${tries}`),
      );
    }
  }));

Deno.test("without flags the examples, tries, classifiers, temperature and penalty that the help states are taken", () =>
  withRun(async (folder, flags) => {
    const plain = await reported(fewShotCommand, folder, ...flags);
    const stated = [
      "--n-per-class",
      "1,2,5,10",
      "--n-tries",
      "5",
      "--temperature",
      "0.07",
      "--c=1",
    ];
    const told = await reported(fewShotCommand, folder, ...flags, ...stated);
    assertEquals([plain.report, plain.lines], [told.report, told.lines]);
    assertEquals(plain.lines.join("").match(/ knn | logreg /g)?.length, 6, "both, for 1, 2 and 3");
  }));
