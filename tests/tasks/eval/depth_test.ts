import "../../native.ts";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { depthProtocol } from "../../../src/eval/dense/depth_protocol.ts";
import { depthMetrics } from "../../../src/eval/dense/depth_scores.ts";
import { evaluateDepth } from "../../../src/eval/dense/evaluate_depth.ts";
import { trainDepth } from "../../../src/eval/dense/train_depth.ts";
import { depthCommand } from "../../../tasks/eval/depth.ts";
import { runCommand } from "../captured.ts";
import { watched } from "../watched.ts";
import { trained, withScenes } from "./scenes.ts";

/** Flags, and what they ask for; in the first case all of them, in the second the defaults. */
const cases = [{
  flags: ["--dataset", "plain", "--max-depth", "9", "--layers", "4", "--depth-scale", "500"],
  fitFlags: ["--batch-size", "2", "--lr", "0.1", "--seed", "5"],
  view: { dataset: "plain", maxDepth: 9, layers: 4 },
  ...{ fit: { batchSize: 2, lr: 0.1, seed: 5 }, scale: 500, seed: 5 },
  settings: { layers: 4, max_depth: 9, dataset: "plain" },
}, {
  ...{ flags: ["--dataset", "kitti"], fitFlags: [] },
  view: { dataset: "kitti" },
  ...{ fit: { batchSize: 16, lr: 0.0001 }, scale: 1000, seed: 0 },
  settings: { layers: 1, max_depth: 80, dataset: "kitti" },
}] as const;

for (const { flags, fitFlags, view, fit, scale, seed, settings } of cases) {
  const asked = fitFlags.length > 0 ? "with all its flags" : "by its defaults";
  Deno.test(`depth ${asked} trains, scores and reports as the library does`, () =>
    withScenes(async (root, given) => {
      const results = join(root, "results.json");
      const size = ["--crop-size", "12,20", "--iterations", "3", "--num-workers", "3"];
      const own = [...size, ...flags, ...fitFlags, "--output", results];
      const told = await watched(depthCommand, ...given, ...own);
      const protocol = depthProtocol({ ...view, cropSize: [12, 20] });
      const { loss, scores } = await trained(
        ...[root, { kind: "depth", scale }, {}] as const,
        (backbone, folder) =>
          trainDepth(backbone, folder, protocol, { ...fit, iterations: 3, workers: 1 }),
        (each, folder) => evaluateDepth({ ...each, protocol }, folder, { workers: 1 }),
      );
      const report = JSON.parse(await Deno.readTextFile(results));
      const { train, val: _, weights: __, iterations, ...rest } = report;
      const expected = {
        ...Object.fromEntries(depthMetrics.map((name) => [name, scores[name].mean])),
        intervals: Object.fromEntries(depthMetrics.map((name) => [name, scores[name].interval])),
        ...{ ...settings, crop_size: [12, 20], depth_scale: scale, loss, seed },
      };
      assertEquals(rest, JSON.parse(JSON.stringify(expected)));
      assertEquals([iterations, train.folder], [3, join(root, "train")]);
      const rows = depthMetrics.map((name) => {
        const { mean, interval: [low, high] } = scores[name];
        return `  ${name.padEnd(9)} ${mean.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})`;
      });
      const lines = told.output.trimEnd().split("\n");
      assertEquals(lines.slice(-rows.length), rows);
      assertEquals([told.error, told.threads, told.bars.length], ["", 6, 7]);
    }));
}

Deno.test("views have rows and columns, in brackets or not", () => {
  const given = ["--weights", "w", "--train", "t", "--val", "v", "--crop-size"];
  for (const sides of ["4", "4,5,6"]) {
    const refused = `Cannot read --crop-size ${sides}: give rows,columns`;
    assertThrows(() => depthCommand.prepare([...given, sides]), TypeError, refused);
  }
  depthCommand.prepare([...given, "[4, 5]"]);
});

Deno.test("depth is of NYU unless told otherwise, whose windows fit its images only", () =>
  withScenes(async (_, given) => {
    const run = () => runCommand(depthCommand, ...given, "--iterations", "1");
    await assertRejects(run, Error, "Cannot use NYU's windows on an image of 24x16 pixels");
  }));
