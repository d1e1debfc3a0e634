import "../native.ts";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { makeBuiltinDataset } from "../../src/data/builtin/builtin.ts";
import { npyBytes } from "../data/codec/write_npy.ts";
import { writePng } from "../data/codec/write_png.ts";
import { inTempFolder } from "../temp_folder.ts";
import type { Command } from "../../tasks/cli/command.ts";
import { absolutePath } from "../../tasks/cli/paths.ts";
import { attentionCommand } from "../../tasks/visualize/attention.ts";
import { cropsCommand } from "../../tasks/visualize/crops.ts";
import { pcaCommand } from "../../tasks/visualize/pca.ts";
import { similarityCommand } from "../../tasks/visualize/similarity.ts";
import { readImageHeader } from "../../src/data/codec/image_header.ts";
import { runCommand } from "./captured.ts";
import { withRun } from "./small_run.ts";
import { runTask } from "./run_task.ts";

const GOLDEN = fromFileUrl(new URL("../golden/", import.meta.url));
const WEIGHTS = fromFileUrl(new URL("../golden/vit_reg4_swiglu.pth", import.meta.url));

Deno.test("every command draws its pictures and tells their names", async () => {
  await inTempFolder(async (folder) => {
    await makeBuiltinDataset(join(folder, "all"), { trainPerClass: 1, valPerClass: 1, size: 48 });
    const data = join(folder, "all", "train"), output = join(folder, "pictures");
    const model = ["--weights", WEIGHTS, "--num-heads", "2", "--device", "cpu", "--count", "2"];
    const commands: Record<string, string[]> = {
      pca: [...model, "--foreground", "all"],
      attention: [...model, "--block", "0", "--image-size", "28"],
      similarity: [...model, "--at", "20,30"],
      neighbours: [...model, "--neighbours", "3", "--image-size", "28"],
      crops: ["--preset", "cifar10", "--seed", "5", "--count", "3", "crops.local_crops_number=2"],
    };
    for (const [name, flags] of Object.entries(commands)) {
      const { status, output: lines, error } = await runTask(
        "visualize",
        name,
        "--data",
        data,
        "--output",
        output,
        ...flags,
      );
      assertEquals([status, error], [0, ""], name);
      assertStringIncludes(lines, `Wrote ${join(output, name)}.png`);
    }
    const found = JSON.parse(await Deno.readTextFile(join(output, "neighbours.json")));
    assertEquals(found.map(({ neighbours }: { neighbours: [] }) => neighbours.length), [3, 3]);
    const written = Array.from(Deno.readDirSync(output), ({ name }) => name).sort();
    assertEquals(written.filter((name) => name.endsWith(".png")), [
      ...["attention.png", "crops.png", "neighbours.png", "pca.png", "similarity.png"],
    ]);
    assertEquals(
      written.filter((name) => !name.includes(".")).length,
      2,
      "a folder for each class",
    );
  });
});

Deno.test("patches are shown of images of the size that the weights' folder notes, unless another is asked, and a larger one is told where that shows little", () =>
  inTempFolder(async (folder) => {
    const weights = join(folder, "hf");
    await Deno.mkdir(weights);
    for (const name of ["config.json", "model.safetensors"]) {
      await Deno.copyFile(join(GOLDEN, "hf_dinov2", name), join(weights, name));
    }
    await makeBuiltinDataset(join(folder, "all"), { trainPerClass: 1, valPerClass: 1, size: 48 });
    const data = ["--data", join(folder, "all", "val"), "--output", join(folder, "pictures")];
    const lineOf = async (...words: string[]) => {
      const given = [...data, "--weights", weights, "--foreground", "all", "--count", "2"];
      const { status, output, error } = await runCommand(pcaCommand, ...given, ...words);
      assertEquals([status, error], [0, ""]);
      return /Images: .*(\nPictures of .*)?/.exec(output)?.[0];
    };
    const line = (side: number, filter = "bicubic") =>
      `Images: short side resized to ${side}, to the nearest whole patch, ${filter}; nothing cropped`;
    const larger = (patches: number) =>
      `\nPictures of ${patches} patches a side show little: --image-size 196 shows more`;
    const ofPositions = line(70) + larger(5);
    assertEquals(await lineOf(), ofPositions, "that of the positions, where nothing is noted");
    const processor = { size: { shortest_edge: 42 }, crop_size: 28, resample: 2 };
    const path = join(weights, "preprocessor_config.json");
    await Deno.writeTextFile(path, JSON.stringify(processor));
    assertEquals(await lineOf(), line(42, "bilinear") + larger(3));
    assertEquals(await lineOf("--image-size", "56"), line(56, "bilinear"));
  }));

const given = ["--weights", "w", "--data", "d", "--output", "o"];
const model = ["--weights", WEIGHTS, "--num-heads", "2", ...given.slice(2)];
const wrong: [command: Command, args: string[], hint: string][] = [
  [pcaCommand, given.slice(2), "Missing required --weights"],
  [pcaCommand, [...given, "--foreground", "boder"], 'did you mean "border"?'],
  [pcaCommand, [...given, "--threshold", "much"], "Cannot read --threshold much: give a number"],
  [attentionCommand, [...given, "--block=-1"], "give a whole number from 0"],
  [similarityCommand, [...given, "--at", "3"], "Cannot read --at 3: give two numbers, such as"],
  [cropsCommand, [...given.slice(2), "crops.sise=3"], "crops."],
  [pcaCommand, given, `Cannot read "${absolutePath("w")}": there is no such file`],
  [pcaCommand, model, `Cannot read images from ${absolutePath("d")}: there is no such folder`],
  [pcaCommand, given.with(5, "d/o"), `Cannot write pictures to ${absolutePath("d/o")}`],
];

for (const [command, args, hint] of wrong) {
  Deno.test(`showing the ${command.summary} is refused: ${hint}`, async () => {
    const run = async () => await runCommand(command, ...args);
    await assertRejects(run, Error, hint);
  });
}

Deno.test("a picture that is missing or misspelt ends with status 2", async () => {
  const asked = { "": "Cannot visualize without a command", "pcs": 'did you mean "pca"?' };
  for (const [name, hint] of Object.entries(asked)) {
    const { status, error } = await runTask("visualize", ...name === "" ? [] : [name]);
    assertEquals(status, 2);
    assertStringIncludes(error, hint);
  }
});

Deno.test("gray images are seen by a network whose first layer is inflated to one channel", async () => {
  await inTempFolder(async (folder) => {
    const gray = { width: 28, height: 28, values: Uint8Array.from({ length: 784 }, (_, i) => i) };
    const data = join(folder, "gray"), output = join(folder, "pictures");
    await Deno.mkdir(data);
    for (const name of ["a", "b"]) await Deno.writeFile(join(data, `${name}.png`), writePng(gray));
    await Deno.writeFile(join(data, "c.npy"), npyBytes([28, 28], gray.values));
    const common = ["--data", data, "--output", output];
    const model = ["--weights", WEIGHTS, "--num-heads", "2", "--channels", "1", "--device", "cpu"];
    const sized = [...common, ...model, "--image-size", "28"];
    const commands: Record<string, string[]> = {
      pca: [...sized, "--foreground", "all"],
      attention: sized,
      similarity: [...sized, "--at", "3,4"],
      neighbours: [...sized, "--neighbours", "1"],
      crops: [
        ...common,
        "--preset",
        "cifar10",
        "data.channels=1",
        "data.mean=auto",
        "data.std=auto",
      ],
    };
    for (const [name, flags] of Object.entries(commands)) {
      const { status, error } = await runTask("visualize", name, ...flags);
      assertEquals([status, error], [0, ""], name);
    }
    const written = Array.from(Deno.readDirSync(output), ({ name }) => name);
    assertEquals(written.filter((name) => name.startsWith("c.npy")).sort(), [
      ...["c.npy.attention.png", "c.npy.pca.png", "c.npy.similarity.png"],
    ]);
    const table = await Deno.readTextFile(join(output, "neighbours.json"));
    assertEquals(JSON.parse(table).length, 3, "arrays are images too");
  });
});

Deno.test("an image that was asked for and is broken is not replaced by another", async () => {
  await inTempFolder(async (folder) => {
    await makeBuiltinDataset(join(folder, "all"), { trainPerClass: 1, valPerClass: 1, size: 32 });
    const data = join(folder, "all", "train");
    await Deno.writeTextFile(join(data, "broken.png"), "no image");
    const { status, error } = await runTask(
      "visualize",
      "similarity",
      "--weights",
      WEIGHTS,
      "--num-heads",
      "2",
      "--data",
      data,
      "--output",
      join(folder, "pictures"),
      "--at",
      "3,4",
      "--image",
      "broken.png",
    );
    assertEquals(
      error,
      `Cannot show the image "broken.png" of ${data}: not an image of a known format\n`,
    );
    assertEquals(status, 1);
  });
});

Deno.test("help tells commands and flags", async () => {
  const { output } = await runTask("visualize", "--help");
  for (const command of ["pca", "attention", "similarity", "neighbours", "crops"]) {
    assertStringIncludes(output, command);
  }
  assertStringIncludes((await runTask("visualize", "pca", "--help")).output, "--foreground NAME");
});

Deno.test("pictures are turned where the weights' images were, and lie beside each other's parts", () =>
  withRun(async (folder, flags) => {
    const data = join(folder, "pictures"), output = join(folder, "drawn");
    await Deno.mkdir(data);
    const image = new URL("../data/images/rotated_by_exif.jpg", import.meta.url); // 40 x 30 in the file
    await Deno.copyFile(image, join(data, "a.jpg"));
    const asked = [...flags.slice(0, 2), "--data", data, "--output", output, "--device", "cpu"];
    const commands = [
      [pcaCommand, ["--foreground", "all"]],
      [attentionCommand, []],
      [similarityCommand, ["--at", "29,39"]],
    ] as const;
    for (const [command, own] of commands) {
      const { status, error } = await runCommand(command, ...asked, ...own);
      assertEquals([status, error], [0, ""]);
    }
    for (const name of ["pca", "similarity"]) {
      const { width, height } = await readImageHeader(
        Deno.readFileSync(join(output, `a.jpg.${name}.png`)),
      );
      assertEquals([width, height], [160, 200], name); // 4 x 5 patches
    }
  }, { exif: "apply" }));
