import "../../native.ts";
import { assertEquals } from "@std/assert";
import { evaluateLogreg } from "../../../src/eval/evaluate_logreg.ts";
import { tokenEmbedding } from "../../../src/features/embedding.ts";
import { logregCommand } from "../../../tasks/eval/logreg.ts";
import { topPercent } from "../../../tasks/eval/percent.ts";
import { withRun } from "../small_run.ts";
import { evaluated, reported } from "./run_features.ts";

Deno.test("strengths, steps and seed asked for are those fitted", () =>
  withRun(async (folder, flags) => {
    const own = ["--c-values", "0.1,10", "--max-train-iters", "2", "--seed", "7"];
    const { report, lines, bars } = await reported(logregCommand, folder, ...flags, ...own);
    const options = { cValues: [0.1, 10], maxIterations: 2, seed: 7 };
    const found = await evaluated(
      folder,
      (backbone) => tokenEmbedding(backbone, "cls"),
      (train, val) => evaluateLogreg(train, val, options),
      { resize: 32 },
    );
    assertEquals(
      [report["top-1"], report["top-5"], report.mean_per_class, report.best_C, report.held_out],
      [found.top1.percent, found.top5?.percent, found.meanPerClass, found.bestC, found.heldOut],
    );
    assertEquals([report.converged, report.intervals["top-1"]], [false, [...found.top1.interval]]);
    assertEquals(lines.slice(5), [
      `  C = ${found.bestC.toPrecision(3).padEnd(8)} ${topPercent(found)}`,
      "  the last fit did not converge: raise --max-train-iters",
    ]);
    assertEquals(bars.slice(-3), ["1/3", "2/3", "3/3"].map((at) => `values of C ${at}`));
  }));

Deno.test("without flags the strengths, steps and seed that the help states are taken", () =>
  withRun(async (folder, flags) => {
    const plain = await reported(logregCommand, folder, ...flags);
    const strengths = Array.from({ length: 45 }, (_, i) => 10 ** (-6 + i * 11 / 44));
    const stated = ["--c-values", strengths.join(), "--max-train-iters", "1000", "--seed", "0"];
    const told = await reported(logregCommand, folder, ...flags, ...stated);
    assertEquals([plain.report, plain.lines], [told.report, told.lines]);
    assertEquals([plain.report.converged, plain.output.includes("converge")], [true, false]);
  }));
