import "../native.ts";
import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { noGradScope } from "../../src/autograd/mode.ts";
import { readSafetensors, writeSafetensors } from "../../src/checkpoint/safetensors.ts";
import { openTensorFile } from "../../src/checkpoint/open_tensor_file.ts";
import { scope } from "../../src/tensor/scope.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import type { Command } from "../../tasks/cli/command.ts";
import { depthCommand } from "../../tasks/eval/depth.ts";
import { fewShotCommand } from "../../tasks/eval/fewshot.ts";
import { absolutePath } from "../../tasks/cli/paths.ts";
import { knnCommand } from "../../tasks/eval/knn.ts";
import { linearCommand } from "../../tasks/eval/linear.ts";
import { logregCommand } from "../../tasks/eval/logreg.ts";
import { retrievalCommand } from "../../tasks/eval/retrieval.ts";
import { segmentationCommand } from "../../tasks/eval/segmentation.ts";
import { runCommand, withoutOutput } from "./captured.ts";
import { runTask } from "./run_task.ts";
import { tiny, withRun } from "./small_run.ts";

/** What `deno task eval` writes, once it has ended well. */
async function results(folder: string, ...args: string[]) {
  const { status, error } = await runTask("eval", ...args);
  assertEquals([status, error], [0, ""]);
  return JSON.parse(await Deno.readTextFile(join(folder, "results", "found.json")));
}

Deno.test("a run folder is evaluated from the command line into a file of the reference's keys", async () => {
  await withRun(async (folder, flags) => {
    const own = ["--nb_knn", "5,20", "--n-per-class=2", "--pixels"];
    const report = await results(folder, "knn", ...flags, ...own);
    const keys = ["('full', 5) Top 1", "('full', 20) Top 5", "('2 per class', 2) Top 1"];
    for (const key of keys) {
      const [low, high] = report.intervals[key];
      assertEquals(low <= report[key] && report[key] <= high, true, key);
      assertEquals(typeof report.pixels[key], "number");
    }
    assertEquals([report.iteration, report.image_size], [11, 32]);
    assertEquals([report.train.images, report.val.images], [30, 20]);
    assertEquals([report.train.classes, report.val.classes], [10, 10]);
    assertEquals(report.voters, { full: 30, "2 per class": 20 });
    assertEquals(typeof report["('full', 20) Mean per class"], "number");
    assertEquals("('2 per class', 2) Top 5" in report, false, "two neighbours have no first five");
    const output = join(folder, "results", "found.json");
    await Deno.remove(output);
    const again = async () => await (await knnCommand.prepare(flags))();
    await withoutOutput(async () =>
      void await assertRejects(again, Error, "Cannot print the results")
    );
    assertEquals((await Deno.stat(output)).isFile, true, "the file is written first");
  });
});

Deno.test("every evaluation writes its numbers under names of its own, and keeps features where asked to", async () => {
  await withRun(async (folder, flags) => {
    const short = ["--epochs", "1", "--epoch-length", "2", "--learning-rates", "0.1"];
    const head = join(folder, "head.pth");
    const commands: Record<string, [flags: string[], keys: string[]]> = {
      logreg: [["--c-values", "0.1,1"], ["top-1", "top-5", "best_C", "held_out"]],
      linear: [[...short, "--head", head], ["best_classifier", "val_accuracy", "history"]],
      fewshot: [["--n-tries", "2"], ["('3 per class', 'logreg') Top 1", "std"]],
      retrieval: [[], ["mAP", "queries", "queries_left_out"]],
    };
    for (const [command, [own, keys]] of Object.entries(commands)) {
      const cache = join(folder, "cache", command);
      const report = await results(folder, command, ...flags, ...own, "--cache", cache);
      if (command === "retrieval") assertEquals(report.queries, 20, "the validation images ask");
      const sets = command === "linear" ? 1 : 2; // linear classifiers learn from random crops
      assertEquals([...Deno.readDirSync(cache)].length, sets, command);
      if (command === "linear") { // in batches of 128: half the rate for 256
        assertEquals(report.best_classifier.split("_lr_")[1], "0_05000");
      }
      for (const key of [...keys, "intervals", "weights", "train", "val"]) {
        assertEquals(key in report, true, `${command}: ${key}`);
      }
    }
    using file = openTensorFile(head);
    assertEquals([...file.entries.keys()].sort(), ["bias", "weight"]);
  });
});

Deno.test("weights of NaN end with status 1 and a sentence that names the tensor", async () => {
  await withRun(async (folder, flags) => {
    using model = new VisionTransformer({ ...tiny, depth: 2 });
    noGradScope(() => void model.blocks[1].norm2.bias!.narrow(0, 5, 1).fill_(NaN));
    const path = join(folder, "nan.safetensors");
    scope(() => writeSafetensors(path, model.stateDict()));
    const given = [...flags, "--weights", path, "--num-heads", "2", "--image-size", "32"];
    const { status, error } = await runTask("eval", "knn", ...given.slice(2));
    assertEquals([status, error], [
      1,
      `Cannot compute features with ${path}: its tensor blocks.1.norm2.bias holds NaN or infinity. ` +
      "Use an earlier checkpoint, or another copy of the file\n",
    ]);
  });
});

Deno.test("classifiers that diverge and images on both sides are told", async () => {
  await withRun(async (folder, flags) => {
    const [copied] = Deno.readDirSync(join(folder, "data", "val"));
    const [image] = Deno.readDirSync(join(folder, "data", "val", copied.name));
    const copy = `${copied.name}/of-val.${image.name}`;
    await Deno.copyFile(
      join(folder, "data", "val", copied.name, image.name),
      join(folder, "data", "train", copy),
    );
    const { status, output, error } = await runCommand(
      ...[linearCommand, ...flags, "--cached", "--epochs", "1", "--epoch-length", "6"] as const,
      ...["--learning-rates", "0.001,1e39", "--batch-size", "8"],
    );
    assertEquals(status, 0);
    assertStringIncludes(
      output,
      "31 images of 10 classes for training, 20 images of 10 classes for validation, 32 pixels",
    );
    assertStringIncludes(output, "4 of 8 classifiers diverged and were skipped: classifier_1_b");
    assertEquals(
      error,
      `1 of the 20 images in ${join(folder, "data", "val")} are training images too, which makes ` +
        `results too optimistic: ${copied.name}/${image.name}\n`,
    );
    const report = JSON.parse(await Deno.readTextFile(join(folder, "results", "found.json")));
    assertEquals([report.val.shared_with_train, report.diverged.length], [1, 4]);
    assertEquals(Object.keys(report.classifiers).length, 4);
    assertEquals(report.best_classifier.includes("e+3"), false);
  });
});

Deno.test("logistic regression sees whole images of 224 pixels, k-NN the middle of 256", async () => {
  await withRun(async (folder, flags) => {
    const seen: Record<string, number> = {};
    const asked = [[logregCommand, "logreg", "--c-values"], [
      knnCommand,
      "knn",
      "--nb-knn",
    ]] as const;
    for (const [command, name, own] of asked) {
      const cache = join(folder, name), size = ["--image-size", "224", "--cache", cache];
      await runCommand(command, ...flags, own, "1", ...size);
      const [first, second] = [...Deno.readDirSync(cache)].map(({ name }) => {
        const { metadata } = scope(() => readSafetensors(join(cache, name)));
        return JSON.parse(metadata.preprocessing);
      });
      assertEquals([first, first.image_size], [second, 224]);
      seen[name] = first.resize;
    }
    assertEquals(seen, { logreg: 224, knn: 256 });
  });
});

const given = ["--weights", "w", "--train", "t", "--val", "v"];
const wrong: [command: Command, args: string[], hint: string][] = [
  [knnCommand, [], "Missing required --weights"],
  [knnCommand, [...given, "--nb-kn", "3"], "did you mean --nb-knn?"],
  [knnCommand, [...given, "--nb-knn", "3,x"], "Cannot read --nb-knn x: give a whole number from 1"],
  [knnCommand, [...given, "--batch-size", "0"], "Cannot read --batch-size 0: give a whole number"],
  [
    knnCommand,
    [...given, "--temperature", "0"],
    "Cannot read --temperature 0: give a number above",
  ],
  [knnCommand, [...given, "--output"], "--output needs a value"],
  [linearCommand, [...given, "--head", "w.pt"], "its name must end in .safetensors or .pth"],
  [logregCommand, [...given, "--seed=-1"], "Cannot read --seed -1: give a whole number from 0"],
  [logregCommand, [...given, "--c-values", "1,0"], "Cannot read --c-values 0: give a number"],
  [fewShotCommand, [...given, "--classifier", "svm"], "choose from knn, logreg"],
  [retrievalCommand, ["--weights", "w"], "Missing required --train"],
  [knnCommand, [...given, "--train", "u"], "--train was given twice"],
  [knnCommand, [...given, "--mean", "124,116,-0.1"], "numbers from 0 to 1, those of bytes divided"],
  [knnCommand, [...given, "--positions", "hg"], 'did you mean "hf"?'],
  [knnCommand, [...given, "more"], 'Unexpected argument "more"'],
];

for (const [command, args, hint] of wrong) {
  Deno.test(`${command.summary} refuses "${args.slice(6).join(" ")}": ${hint}`, () => {
    assertThrows(() => command.prepare(args), TypeError, hint);
  });
}

Deno.test("a command that is missing or misspelt ends with status 2", async () => {
  const asked = { "": "Cannot evaluate without a command", "knm": 'did you mean "knn"?' };
  for (const [name, hint] of Object.entries(asked)) {
    const { status, error } = await runTask("eval", ...name === "" ? [] : [name]);
    assertEquals(status, 2);
    assertStringIncludes(error, hint);
  }
});

Deno.test("a head or results that cannot be written are told before anything is read", async () => {
  const images = ["--weights", "w", "--train", "t", "--val", "v"];
  for (
    const [command, ...own] of [
      [linearCommand, "--head", "/proc/head.pth"],
      [knnCommand, "--output", "/proc/knn.json"],
      [knnCommand, "--cache", "/proc/cache"],
      [segmentationCommand, "--classes", "2", "--head", "/proc/head.pth"],
      [depthCommand, "--output", "/proc/depth.json"],
    ] as const
  ) {
    const { message } = await assertRejects(() => runCommand(command, ...images, ...own), Error);
    assertEquals(message.replace("into ", "").slice(0, 19), "Cannot write /proc/");
  }
});

Deno.test("a folder that is not there ends with status 1 and one sentence", async () => {
  const weights = fromFileUrl(new URL("../golden/vit_reg4_swiglu.pth", import.meta.url));
  const { status, error } = await runTask(
    "eval",
    "knn",
    "--weights",
    weights,
    "--num-heads",
    "2",
    "--train",
    "t",
    "--val",
    "v",
  );
  assertEquals([status, error], [
    1,
    `Cannot read images from ${absolutePath("t")}: there is no such folder\n`,
  ]);
});

Deno.test("help tells commands and flags", async () => {
  assertStringIncludes((await runTask("eval", "--help")).output, "knn");
  const { status, output } = await runTask("eval", "knn", "--help");
  assertEquals(status, 0);
  assertStringIncludes(output, "--weights PATH");
});
