import "../../native.ts";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { evaluateLogreg } from "../../../src/eval/evaluate_logreg.ts";
import { tokenEmbedding } from "../../../src/features/embedding.ts";
import { logregCommand } from "../../../tasks/eval/logreg.ts";
import { runCommand } from "../captured.ts";
import { withRun } from "../small_run.ts";
import { evaluated, reported } from "./run_features.ts";

Deno.test("strengths, steps and seed asked for are those fitted", () =>
  withRun(async (folder, flags) => {
    const own = ["--c-values", "0.1,10", "--max-train-iters", "2", "--seed", "7"];
    const report = await reported(logregCommand, folder, ...flags, ...own);
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
    const { output } = await runCommand(logregCommand, ...flags, ...own);
    assertStringIncludes(output, "the last fit did not converge: raise --max-train-iters");
  }));
