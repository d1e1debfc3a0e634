import "../../native.ts";
import { assertEquals, assertStringIncludes } from "@std/assert";
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

/** Copies images of a folder of classes into one class. */
async function copyInto(to: string, images: readonly string[]): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for (const [i, image] of images.entries()) await Deno.copyFile(image, join(to, `${i}.jpg`));
}

Deno.test("--temperature decides between the nearest image and the most frequent class", () =>
  withRun(async (folder, flags) => {
    const images = [...Deno.readDirSync(join(folder, "data", "train"))].flatMap(({ name }) => {
      const of = join(folder, "data", "train", name);
      return [...Deno.readDirSync(of)].map((image) => join(of, image.name));
    });
    await copyInto(join(folder, "few", "train", "many"), images.slice(1, 10));
    await copyInto(join(folder, "few", "train", "one"), images.slice(0, 1));
    await copyInto(join(folder, "few", "val", "many"), images.slice(1, 2));
    await copyInto(join(folder, "few", "val", "one"), images.slice(0, 1));
    const few = ["train", "val"].flatMap((set) => [`--${set}`, join(folder, "few", set)]);
    const top1 = async (temperature: string) => {
      const own = [...few, "--pixels", "--nb-knn", "10", "--temperature", temperature];
      await runCommand(knnCommand, ...flags.toSpliced(2, 4), ...own);
      return (await report(folder)).pixels["('full', 10) Top 1"];
    };
    assertEquals([await top1("0.0001"), await top1("1000")], [100, 50]);
  }));

Deno.test("classes whose only image is broken do not count", () =>
  withRun(async (folder, flags) => {
    await Deno.mkdir(join(folder, "data", "train", "torn"));
    await Deno.writeTextFile(join(folder, "data", "train", "torn", "a.png"), "torn");
    const { output } = await runCommand(knnCommand, ...flags, "--nb-knn", "5");
    assertStringIncludes(output, "30 images of 10 classes for training, 20 images of 10 classes");
    const { train } = await report(folder);
    assertEquals([train.images, train.classes, train.left_out.length], [30, 10, 1]);
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
