import "../../native.ts";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { readSafetensors } from "../../../src/checkpoint/safetensors.ts";
import { scope } from "../../../src/tensor/scope.ts";
import { knnCommand } from "../../../tasks/eval/knn.ts";
import { linearCommand } from "../../../tasks/eval/linear.ts";
import { runCommand } from "../captured.ts";
import { withRun } from "../small_run.ts";

async function report(folder: string) {
  return JSON.parse(await Deno.readTextFile(join(folder, "results", "found.json")));
}

Deno.test("classes whose only image is broken do not count", () =>
  withRun(async (folder, flags) => {
    await Deno.mkdir(join(folder, "data", "train", "torn"));
    await Deno.writeTextFile(join(folder, "data", "train", "torn", "a.png"), "torn");
    const { output } = await runCommand(knnCommand, ...flags, "--nb-knn", "5");
    assertStringIncludes(output, "30 images of 10 classes for training, 20 images of 10 classes");
    const { train } = await report(folder);
    assertEquals([train.images, train.classes, train.left_out.length], [30, 10, 1]);
  }));

Deno.test("images whose class is not known take no part, and are told; without classes there is nothing to evaluate", () =>
  withRun(async (folder, flags) => {
    const [train, val] = ["train", "val"].map((part) => join(folder, "data", part));
    const [bar] = Deno.readDirSync(join(train, "bars"));
    for (const [part, name] of [[train, "loose.jpg"], [val, "alone.jpg"]]) {
      await Deno.copyFile(join(train, "bars", bar.name), join(part, name));
    }
    const { output, error } = await runCommand(knnCommand, ...flags, "--nb-knn", "5");
    assertStringIncludes(output, "30 images of 10 classes for training, 20 images of 10 classes");
    assertEquals(error.trimEnd().split("\n"), [
      "Skipped loose.jpg: its class is not known",
      "Skipped alone.jpg: its class is not known",
    ]);
    const flat = flags.with(3, join(train, "bars"));
    await assertRejects(() => runCommand(knnCommand, ...flat), Error, "it has no classes");
    const other = flags.with(3, val).with(5, train);
    await Deno.rename(join(val, "bars"), join(val, "other"));
    await assertRejects(
      () => runCommand(knnCommand, ...other),
      Error,
      "the classes bars are missing",
    );
  }));

Deno.test("images are turned by their EXIF data where the run turned them", () =>
  withRun(async (folder, flags) => {
    const cache = join(folder, "cache");
    await runCommand(knnCommand, ...flags, "--nb-knn", "5", "--cache", cache);
    for (const { name } of Deno.readDirSync(cache)) {
      const { metadata } = scope(() => readSafetensors(join(cache, name)));
      assertEquals(JSON.parse(metadata.preprocessing).exif, "apply");
    }
  }, { exif: "apply", mean: "imagenet", std: "imagenet", channels: 3 }));

Deno.test("the classifiers that are shown are the best, the best of all first", () =>
  withRun(async (folder, flags) => {
    const own = ["--cached", "--epochs", "1", "--epoch-length", "20", "--batch-size", "8"];
    const { output } = await runCommand(
      ...[linearCommand, ...flags, ...own, "--learning-rates", "1e-9,0.1,1"] as const,
    );
    const shown = [...output.matchAll(/top-1 (\S+) %/g)].map(([, percent]) => Number(percent));
    const { classifiers } = await report(folder);
    const all: number[] = Object.values(classifiers as Record<string, Record<string, number>>)
      .map((metrics) => metrics["top-1"]);
    assertEquals(shown, all.toSorted((a, b) => b - a).slice(0, 5));
    assertEquals(Math.max(...all) > Math.min(...all), true);
  }));
