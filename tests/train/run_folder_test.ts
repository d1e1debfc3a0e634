import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { resolveConfig } from "../../src/config/resolve.ts";
import { RunFolder } from "../../src/train/run_folder.ts";
import { inTempFolder } from "../temp_folder.ts";

const config = resolveConfig({ optim: { epochs: 30 }, train: { dataset_path: "/images" } });

Deno.test("a run folder gives back the configuration it was made with", () =>
  inTempFolder(async (path) => {
    RunFolder.create(join(path, "a", "b"), config);
    assertEquals(await RunFolder.reopen(join(path, "a", "b")).config(), config);
  }));

Deno.test("a folder that holds a run is not begun anew, one that holds none is not resumed", () =>
  inTempFolder((path) => {
    assertThrows(() => RunFolder.reopen(path), Error, "it holds none");
    RunFolder.create(path, config);
    assertThrows(() => RunFolder.create(path, config), Error, "--resume");
  }));

Deno.test("a folder that cannot be written is refused by name", () =>
  inTempFolder(async (path) => {
    await Deno.writeTextFile(join(path, "file"), "");
    await assertRejects(
      () => Promise.try(() => RunFolder.create(join(path, "file", "run"), config)),
      Error,
      "config.yaml",
    );
  }));

Deno.test("metrics are rewound to an iteration, and a line that was cut off is dropped", () =>
  inTempFolder((path) => {
    const folder = RunFolder.create(path, config);
    assertEquals(folder.metrics(), []);
    for (const iteration of [0, 10, 20]) {
      folder.appendMetrics({ iteration, iter_time: 1, data_time: 0, total_loss: 0.1 + iteration });
    }
    Deno.writeTextFileSync(join(path, "training_metrics.json"), '{"iterat', { append: true });
    assertEquals(folder.metrics().map(({ iteration }) => iteration), [0, 10, 20]);
    folder.rewindMetrics(15);
    assertEquals(folder.metrics().map(({ total_loss }) => total_loss), [0.1, 10.1]);
    folder.appendMetrics({ iteration: 20, iter_time: 1, data_time: 0 });
    assertEquals(folder.metrics().length, 3);
  }));

Deno.test("skipped files are listed with their reasons", () =>
  inTempFolder(async (path) => {
    const folder = RunFolder.create(path, config);
    folder.writeSkipped([{ path: "a/b.jpg", reason: "it is truncated" }]);
    const text = await Deno.readTextFile(join(path, "skipped_files.txt"));
    assertEquals(text, "a/b.jpg\tit is truncated\n");
  }));
