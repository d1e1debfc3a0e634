import "../native.ts";
import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { loadBackbone } from "../../src/backbone/backbone.ts";
import { imageViewOf } from "../../src/backbone/preprocessing.ts";
import { openImages } from "../../src/data/sources/open.ts";
import { tokenEmbedding } from "../../src/features/embedding.ts";
import { EvaluationSet } from "../../src/features/evaluation_set.ts";
import { readSafetensors } from "../../src/checkpoint/safetensors.ts";
import { makeBuiltinDataset } from "../../src/data/builtin/builtin.ts";
import { scope } from "../../src/tensor/scope.ts";
import { featuresCommand } from "../../tasks/features.ts";
import { writePng } from "../data/codec/write_png.ts";
import { npyBytes } from "../data/codec/write_npy.ts";
import { assertClose } from "../helpers.ts";
import { inTempFolder } from "../temp_folder.ts";
import { runCommand, runStopped } from "./captured.ts";
import { watched } from "./watched.ts";
import { flagsOf } from "./run_task.ts";

const TASK = fromFileUrl(new URL("../../tasks/features.ts", import.meta.url));
const WEIGHTS = fromFileUrl(new URL("../golden/vit_reg4_swiglu.pth", import.meta.url));

const given = (data: string, output: string) => [
  ...["--weights", WEIGHTS, "--data", data, "--output", output, "--device", "cpu"],
];

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

const told = ["--weights", "w", "--data", "d"];
const wrong: [args: string[], hint: string][] = [
  [told, "Missing required --output"],
  [[...told, "a/b"], 'Unexpected argument "a/b": pass images as --data a/b'],
  [[...told, "--output", "f.pkl"], "its name must end in .safetensors, .npy or .csv"],
  [[...told, "--output", "f.npy", "--kind", "mean"], 'did you mean "patch-mean"?'],
  [[...told, "--output", "f.csv", "--kind", "patch-grid"], "Cannot write grids"],
];

Deno.test("features that cannot be written are told before weights are read", async () => {
  const asked = [...told, "--output", "/proc/f.npy"];
  const refused = () => runCommand(featuresCommand, ...asked);
  await assertRejects(refused, Error, "Cannot write /proc/f.npy: ");
});

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

Deno.test("every flag reaches the features, which are the library's; weights are noted and broken images named", () =>
  inTempFolder(async (folder) => {
    const data = join(folder, "data"), output = join(folder, "made", "f.safetensors");
    await Deno.mkdir(data);
    for (let i = 0; i < 3; i++) {
      const values = Array.from({ length: 28 * 21 }, (_, k) => (k * (i + 3)) % 256);
      await Deno.writeFile(join(data, `${i}.png`), writePng({ width: 28, height: 21, values }));
    }
    await Deno.writeFile(join(data, "3.npy"), npyBytes([9, 9], new Uint8Array(81)));
    await Deno.writeTextFile(join(data, "bad.png"), "no image");
    const ofWeights = ["--num-heads", "2", "--channels", "1", "--positions", "hf"];
    const ofPixels = ["--mean", "0.3", "--std", "0.2", "--image-size", "42", "--crop-pct", "0.75"];
    const ofView = ["--interpolation", "nearest", "--crop-mode", "border", "--kind", "patch-mean"];
    const told = await watched(
      ...[featuresCommand, ...given(data, output), ...ofWeights, ...ofPixels, ...ofView] as const,
      ...["--batch-size", "2", "--num-workers", "3"],
    );
    assertEquals(told.error, `Skipped ${data}/bad.png: not an image of a known format\n`);
    const pixels = "mean 0.3; standard deviation 0.2";
    assertEquals(told.output.trimEnd().split("\n").slice(-3), [
      `Images: long side resized to 56, nearest; center crop or padding to 42 x 42; ${pixels}`,
      "patch-mean of 4 images of 42 pixels: [4,32]",
      `Wrote features to ${output}`,
    ]);
    assertEquals(told.bars, [2, 4].map((done) => `features ${done}/5`));
    assertEquals(told.threads, 3);
    const preprocessing = {
      ...{ mean: [0.3], std: [0.2], image_size: 42, crop_pct: 0.75 },
      ...{ interpolation: "nearest", crop_mode: "border" } as const,
    };
    const known = { numHeads: 2, channels: 1, positions: "hf", preprocessing } as const;
    const backbone = loadBackbone(WEIGHTS, known);
    using _model = backbone.model;
    using images = new EvaluationSet(await openImages(data, { channels: 1 }), {
      ...{ ...imageViewOf(backbone.preprocessing), channels: 1, workers: 1 },
    });
    const expected = await images.features(tokenEmbedding(backbone, "patch-mean"));
    scope(() => {
      const { tensors, metadata } = readSafetensors(output);
      assertEquals(JSON.parse(metadata.weights), WEIGHTS);
      assertClose(tensors.features, expected.features);
    });
    expected.features.dispose();
  }));

Deno.test("features that are stopped are kept, and the same command goes on behind them", () =>
  inTempFolder(async (folder) => {
    const data = join(folder, "data"), output = join(folder, "f.npy");
    await makeBuiltinDataset(data, { trainPerClass: 1, valPerClass: 1, size: 32 });
    const flags = [
      "--num-heads",
      "2",
      "--image-size",
      "28",
      "--num-workers",
      "1",
      "--batch-size=4",
    ];
    const asked = [...given(join(data, "val"), output), ...flags];
    const { status, error } = await runStopped(featuresCommand, ...asked);
    const reason = "Stopped; what was computed is kept, and the same command resumes it\n";
    assertEquals([status, error], [143, reason]);
    const { output: lines, bars } = await watched(featuresCommand, ...asked);
    assertStringIncludes(lines, "cls of 10 images of 28 pixels: [10,32]");
    assertEquals(bars, [4, 8, 10].map((done) => `features ${done}/10`));
  }));
