import "../../native.ts";
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { evaluateRetrieval } from "../../../src/eval/evaluate_retrieval.ts";
import { backboneEmbedding } from "../../../src/features/embedding.ts";
import { percent } from "../../../tasks/eval/percent.ts";
import { retrievalCommand } from "../../../tasks/eval/retrieval.ts";
import { npyBytes } from "../../data/codec/write_npy.ts";
import { withRun } from "../small_run.ts";
import { evaluated, reported } from "./run_features.ts";

Deno.test("every flag that evaluations share reaches images, network, cache and report", () =>
  withRun(async (folder, flags) => {
    const [train, val, cache] = ["data/train", "data/val", "cache"].map((name) =>
      join(folder, name)
    );
    for (const part of [train, val]) { // images only where the channels are not 3
      const values = Uint8Array.from({ length: 900 }, (_, i) => (i * i) >> 3);
      await Deno.writeFile(join(part, "bars", "z.npy"), npyBytes([30, 30], values));
    }
    await Deno.writeTextFile(join(val, "bars", "torn.png"), "torn");
    const own = ["--channels", "1", "--positions", "timm", "--mean", "0.3", "--std", "0.2"];
    const loading = ["--batch-size", "16", "--num-workers", "3", "--cache", cache];
    const asked = [...flags, ...own, "--image-size", "24", ...loading];
    const told = await reported(retrievalCommand, folder, ...asked);
    const { meanAveragePrecision: { percent: mAP, interval } } = await evaluated(
      folder,
      backboneEmbedding,
      (database, queries) => evaluateRetrieval(queries, database),
      { channels: 1, imageSize: 24 },
      { channels: 1, positions: "timm", preprocessing: { mean: [0.3], std: [0.2] } },
    );
    const torn = { path: "bars/torn.png", reason: "not an image of a known format" };
    assertEquals(told.report, {
      ...{ mAP, queries: 21, queries_left_out: 0, intervals: { mAP: [...interval] } },
      ...{ weights: told.lines[0], iteration: 11, image_size: 24 },
      train: { folder: train, images: 31, classes: 10, left_out: [] },
      val: { folder: val, images: 21, classes: 10, left_out: [torn], shared_with_train: 1 },
    });
    const results = [
      `Wrote results to ${join(folder, "results", "found.json")}`,
      "31 images of 10 classes for training, 21 images of 10 classes for validation, 24 pixels",
      `  mAP ${percent({ percent: mAP, interval })}, 21 queries`,
    ];
    assertEquals(told.lines.slice(-3), results);
    const shared = `1 of the 22 images in ${val} are training images too, which makes results too `;
    const warnings = [
      `${shared}optimistic: bars/z.npy`,
      `Skipped ${val}/${torn.path}: ${torn.reason}`,
    ];
    assertEquals(told.error.trimEnd().split("\n"), warnings);
    assertEquals(told.bars, [16, 31, 48, 53].map((done) => `features ${done}/53`));
    assertEquals(told.threads, 6, "3 for each folder");
    const again = await reported(retrievalCommand, folder, ...asked);
    assertEquals(again.lines.slice(-5).map((line) => line.split(" in ")[0]), [
      `Reusing the features of ${train}`,
      `Reusing the features of ${val}`,
      ...results,
    ]);
    assertEquals([again.report.mAP, again.error.trimEnd().split("\n")], [mAP, [
      warnings[0],
      `Skipped ${val}/${torn.path}: could not be decoded when its features were computed`,
    ]]);
  }));

Deno.test("images that are alone in their class ask for nothing, and it is told how many", () =>
  withRun(async (folder, flags) => {
    const bars = join(folder, "data", "train", "bars");
    for (const { name } of [...Deno.readDirSync(bars)].slice(1)) {
      await Deno.remove(join(bars, name));
    }
    const { lines, report } = await reported(retrievalCommand, folder, ...flags.toSpliced(4, 2));
    assertEquals(lines.at(-2), "28 images of 10 classes, 32 pixels");
    assertEquals(
      lines.at(-1)?.replace(/mAP .*\)/, ""),
      "  , 27 queries; 1 more were skipped, without an image of their class",
    );
    assertEquals([report.queries_left_out, "val" in report], [1, false]);
  }));
