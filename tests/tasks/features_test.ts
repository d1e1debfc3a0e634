import "../native.ts";
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { readSafetensors } from "../../src/checkpoint/safetensors.ts";
import { makeBuiltinDataset } from "../../src/data/builtin/builtin.ts";
import { scope } from "../../src/tensor/scope.ts";
import { featuresCommand } from "../../tasks/features.ts";
import { writePng } from "../data/codec/write_png.ts";
import { inTempFolder } from "../temp_folder.ts";
import { runCommand } from "./captured.ts";
import { flagsOf } from "./run_task.ts";

const TASK = fromFileUrl(new URL("../../tasks/features.ts", import.meta.url));
const WEIGHTS = fromFileUrl(new URL("../golden/vit_reg4_swiglu.pth", import.meta.url));

Deno.test("a folder of images becomes a file of features from the command line", async () => {
  await inTempFolder(async (folder) => {
    await makeBuiltinDataset(join(folder, "data"), { trainPerClass: 2, valPerClass: 1, size: 32 });
    const output = join(folder, "features.safetensors");
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        ...flagsOf("features"),
        TASK,
        "--weights",
        WEIGHTS,
        "--num-heads",
        "2",
        "--output",
        output,
      ]
        .concat("--data", join(folder, "data", "train"), "--kind", "patch-grid")
        .concat("--image-size", "42", "--device", "cpu"),
    }).output();
    assertEquals(code, 0);
    assertStringIncludes(new TextDecoder().decode(stdout), "20 images of 42 pixels: [20,32,3,3]");
    scope(() => {
      const { tensors, metadata } = readSafetensors(output);
      assertEquals([tensors.features.shape, tensors.labels.shape], [[20, 32, 3, 3], [20]]);
      assertEquals(JSON.parse(metadata.paths).length, 20);
    });
  });
});

const given = ["--weights", "w", "--data", "d"];
const wrong: [args: string[], hint: string][] = [
  [given, "Missing required --output"],
  [[...given, "--output", "f.pkl"], "its name must end in .safetensors, .npy or .csv"],
  [[...given, "--output", "f.npy", "--kind", "mean"], 'did you mean "cls"?'],
  [[...given, "--output", "f.csv", "--kind", "patch-grid"], "Cannot write grids"],
];

Deno.test("wrong usage is told before weights are read", () => {
  for (const [args, hint] of wrong) {
    assertThrows(() => featuresCommand.prepare(args), TypeError, hint);
  }
});

Deno.test("help lists every flag", () => {
  for (const flag of ["--weights", "--data", "--output", "--kind", "--image-size"]) {
    assertStringIncludes(featuresCommand.help, flag);
  }
});

Deno.test("unless told otherwise the class token is taken", () =>
  inTempFolder(async (folder) => {
    await makeBuiltinDataset(join(folder, "data"), { trainPerClass: 1, valPerClass: 1, size: 32 });
    const given = ["--weights", WEIGHTS, "--num-heads", "2", "--image-size", "28"];
    const places = ["--data", join(folder, "data", "val"), "--output", join(folder, "f.npy")];
    const { output } = await runCommand(featuresCommand, ...given, ...places, "--device", "cpu");
    assertStringIncludes(output, "cls of 10 images of 28 pixels: [10,32]");
  }));

Deno.test("gray images, the size and the batch are taken as told; weights are noted and broken images named", () =>
  inTempFolder(async (folder) => {
    const data = join(folder, "data"), output = join(folder, "made", "f.safetensors");
    await Deno.mkdir(data);
    for (let i = 0; i < 3; i++) {
      const values = Array.from({ length: 28 * 28 }, (_, k) => (k * (i + 3)) % 256);
      await Deno.writeFile(join(data, `${i}.png`), writePng({ width: 28, height: 28, values }));
    }
    await Deno.writeTextFile(join(data, "bad.png"), "no image");
    const given = [
      "--weights",
      WEIGHTS,
      "--num-heads",
      "2",
      "--channels",
      "1",
      "--image-size",
      "42",
    ];
    const sized = [
      "--crop-pct",
      "0.75",
      "--batch-size",
      "2",
      "--num-workers",
      "1",
      "--kind",
      "patch-mean",
    ];
    const places = ["--data", data, "--output", output, "--device", "cpu"];
    const ended = await runCommand(featuresCommand, ...given, ...sized, ...places);
    assertEquals(ended.error, `Skipped ${data}/bad.png: not an image of a known format\n`);
    const lines = ended.output.trimEnd().split("\n");
    assertStringIncludes(
      lines.find((line) => line.startsWith("Images: ")) ?? "",
      "short side resized to 56",
    );
    assertEquals(lines.slice(-2), [
      "patch-mean of 3 images of 42 pixels: [3,32]",
      `Wrote features to ${output}`,
    ]);
    scope(() => {
      const { metadata } = readSafetensors(output);
      assertEquals(JSON.parse(metadata.weights), WEIGHTS);
    });
  }));
