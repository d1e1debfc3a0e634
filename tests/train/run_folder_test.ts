import "../native.ts";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { dirname, join } from "@std/path";
import { resolveConfig } from "../../src/config/resolve.ts";
import { readRunConfig } from "../../src/train/run_config.ts";
import { RunFolder } from "../../src/train/run_folder.ts";
import { inTempFolder } from "../temp_folder.ts";

const config = resolveConfig({ optim: { epochs: 30 }, train: { dataset_path: "/images" } });

Deno.test("a run folder gives back the configuration and the name that it was made with", () =>
  inTempFolder(async (path) => {
    RunFolder.create(join(path, "a", "b"), config, "its-name");
    RunFolder.reopen(join(path, "a", "b"));
    const run = await readRunConfig(join(path, "a", "b"));
    assertEquals(run, { config, id: "its-name", notes: [] });
  }));

for (
  const saved of ["model_0000009.safetensors", "eval/training_9/teacher_checkpoint.safetensors"]
) {
  Deno.test(`a folder with ${saved} is a run, which no other run is started in`, () =>
    inTempFolder((path) => {
      assertThrows(() => RunFolder.reopen(path), Error, "No run to resume");
      Deno.mkdirSync(dirname(join(path, saved)), { recursive: true });
      Deno.writeTextFileSync(join(path, saved), "");
      assertThrows(() => RunFolder.create(path, config), Error, "already contains a run");
      assertEquals(RunFolder.reopen(path).path, path);
    }));
}

Deno.test("a folder in which a start saved nothing is taken for another start", () =>
  inTempFolder(async (path) => {
    const failed = RunFolder.create(path, config);
    failed.appendMetrics({ iteration: 0, iter_time: 1, data_time: 0 });
    failed.writeSkipped([{ path: "a", reason: "b" }]);
    failed.writeEnvironment({ device: "cpu" });
    const other = resolveConfig({ optim: { epochs: 40 } });
    const folder = RunFolder.create(path, other);
    assertEquals((await readRunConfig(path)).config, other);
    assertEquals(folder.metrics(), []);
    assertEquals([...Deno.readDirSync(path)].map(({ name }) => name), ["config.yaml"]);
  }));

Deno.test("a config.yaml that a person wrote is not overwritten", () =>
  inTempFolder((path) => {
    Deno.writeTextFileSync(join(path, "config.yaml"), "optim: {epochs: 3}");
    assertThrows(() => RunFolder.create(path, config), Error, "Move it away");
  }));

Deno.test("a folder that cannot be written is refused by name", () =>
  inTempFolder(async (path) => {
    await Deno.writeTextFile(join(path, "file"), "");
    await assertRejects(
      () => Promise.try(() => RunFolder.create(join(path, "file", "run"), config)),
      Error,
      join(path, "file", "run"),
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
    Deno.writeTextFileSync(join(path, "training_metrics.json"), "\nnull\n7\n", { append: true });
    assertEquals(folder.metrics().map(({ iteration }) => iteration), [0, 10, 20]);
    folder.rewindMetrics(15);
    assertEquals(folder.metrics().map(({ total_loss }) => total_loss), [0.1, 10.1]);
    folder.appendMetrics({ iteration: 20, iter_time: 1, data_time: 0 });
    assertEquals(folder.metrics().length, 3);
  }));

Deno.test("skipped files are listed with their reasons", () =>
  inTempFolder(async (path) => {
    const folder = RunFolder.create(path, config);
    folder.writeSkipped([
      { path: "a/b.jpg", reason: "it is truncated" },
      { path: "a/two\nlines\x1b[2J.jpg", reason: "\tempty" },
    ]);
    const text = await Deno.readTextFile(join(path, "skipped_files.txt"));
    assertEquals(
      text,
      "a/b.jpg\tit is truncated\n" + "a/two\\nlines\\u001b[2J.jpg\t\\tempty\n",
    );
  }));

Deno.test("metrics reach the disk before their digest is given away", () =>
  inTempFolder((path) => {
    const folder = RunFolder.create(path, config);
    assertEquals(folder.syncMetrics(), folder.metricsDigest(0), "of none, where none were logged");
    folder.appendMetrics({ iteration: 0, iter_time: 1, data_time: 0 });
    const { syncSync } = Deno.FsFile.prototype;
    let synced = 0;
    Deno.FsFile.prototype.syncSync = function () {
      synced++;
      syncSync.call(this);
    };
    try {
      assertEquals([folder.syncMetrics(), synced], [folder.metricsDigest(0), 1]);
    } finally {
      Deno.FsFile.prototype.syncSync = syncSync;
    }
  }));
