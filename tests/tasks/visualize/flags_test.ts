import "../../native.ts";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { loadBackbone } from "../../../src/backbone/backbone.ts";
import { imageViewOf } from "../../../src/backbone/preprocessing.ts";
import { presets } from "../../../src/config/presets.ts";
import { resolveConfig } from "../../../src/config/resolve.ts";
import { scanImageFolder } from "../../../src/data/sources/folder.ts";
import { scope } from "../../../src/tensor/scope.ts";
import { attentionPictures } from "../../../src/visualize/attention.ts";
import { cropSheet, firstBatch } from "../../../src/visualize/crops.ts";
import { readImages, spreadOver } from "../../../src/visualize/image_sample.ts";
import { neighbourSheet } from "../../../src/visualize/neighbours.ts";
import { pcaPictures } from "../../../src/visualize/pca.ts";
import { encodePng } from "../../../src/visualize/png.ts";
import { similarityPictures } from "../../../src/visualize/similarity.ts";
import { attentionCommand } from "../../../tasks/visualize/attention.ts";
import { cropsCommand } from "../../../tasks/visualize/crops.ts";
import { neighboursCommand } from "../../../tasks/visualize/neighbours.ts";
import { pcaCommand } from "../../../tasks/visualize/pca.ts";
import { similarityCommand } from "../../../tasks/visualize/similarity.ts";
import { runCommand } from "../captured.ts";
import { withRun } from "../small_run.ts";

Deno.test("every flag reaches the pictures of patches, which are those of the library", () =>
  withRun(async (folder, flags) => {
    const data = join(folder, "data", "train"), output = join(folder, "drawn");
    await Deno.writeTextFile(join(data, "broken.png"), "no image");
    const images = await scanImageFolder(data);
    const first = images.paths[7];
    const asked = [...flags.slice(0, 2), "--data", data, "--output", output, "--device", "cpu"];
    const sized = [...asked, "--count", "3", "--image-size", "24"];
    const backbone = loadBackbone(flags[1]);
    using _model = backbone.model;
    const shown = await readImages(images, spreadOver(images, 3));
    const chosen = await readImages(images, spreadOver(images, 3, { first }));
    const [size, at] = [{ imageSize: 24 }, [20, 9] as const];
    const kinds = [
      [
        pcaCommand,
        ["--foreground", "negative", "--threshold=-2"],
        () =>
          pcaPictures(backbone, shown.images, { ...size, foreground: "negative", threshold: -2 }),
      ],
      [
        attentionCommand,
        ["--block", "1"],
        () => attentionPictures(backbone, shown.images, { ...size, block: 1 }),
      ],
      [
        similarityCommand,
        ["--at", "20,9", "--image", first],
        () => similarityPictures(backbone, chosen.images, at, size).pictures,
      ],
    ] as const;
    for (const [command, own, draw] of kinds) {
      const { status, output: lines, error } = await runCommand(command, ...sized, ...own);
      assertEquals(status, 0, error);
      scope(() => {
        for (const { name, picture } of draw()) {
          assertStringIncludes(lines, `Wrote ${output}/${name}.png`);
          assertEquals(Deno.readFileSync(`${output}/${name}.png`), encodePng(picture), name);
        }
      });
    }
    const all = await runCommand(attentionCommand, ...asked, "--count", "99");
    assertStringIncludes(all.error, `Skipped ${data}/broken.png: not an image of a known format`);
  }));

Deno.test("neighbours are searched among the images and for the queries asked for, 5 of 8 unless told otherwise", () =>
  withRun(async (folder, flags) => {
    const [data, queries] = ["train", "val"].map((split) => join(folder, "data", split));
    const output = join(folder, "drawn");
    const asked = [...flags.slice(0, 2), "--data", data, "--output", output, "--device", "cpu"];
    const found = () => JSON.parse(Deno.readTextFileSync(join(output, "neighbours.json")));
    await runCommand(neighboursCommand, ...asked);
    assertEquals(
      found().map(({ neighbours }: { neighbours: unknown[] }) => neighbours.length),
      Array(8).fill(5),
    );
    const own = [
      "--queries",
      queries,
      "--count",
      "2",
      "--neighbours",
      "3",
      "--crop-mode",
      "squash",
    ];
    await runCommand(
      neighboursCommand,
      ...asked,
      ...own,
      "--image-size",
      "24",
      "--batch-size",
      "4",
    );
    const known = { preprocessing: { image_size: 24, crop_mode: "squash" } } as const;
    const backbone = loadBackbone(flags[1], known);
    using _model = backbone.model;
    const some = await scanImageFolder(queries);
    const first = { root: queries, paths: [some.paths[0], some.paths[10]] };
    const options = { ...imageViewOf(backbone.preprocessing), neighbours: 3, workers: 1 };
    const expected = await neighbourSheet(backbone, first, await scanImageFolder(data), options);
    using picture = expected.picture;
    assertEquals(found(), expected.nearest);
    assertEquals(Deno.readFileSync(join(output, "neighbours.png")), encodePng(picture));
  }));

Deno.test("crops are those of the run that is asked for, of 8 images unless told otherwise", () =>
  withRun(async (folder) => {
    const data = join(folder, "data", "train"), output = join(folder, "drawn");
    const settings = { train: { dataset_path: data, seed: 5 }, crops: { local_crops_number: 1 } };
    const config = resolveConfig(presets.cifar10.settings, settings);
    const asked = ["--data", data, "--output", output, "--preset", "cifar10", "--seed", "5"];
    for (const [flags, count] of [[[], 8], [["--count", "2"], 2]] as const) {
      const { status, error } = await runCommand(
        cropsCommand,
        ...asked,
        ...flags,
        "crops.local_crops_number=1",
      );
      assertEquals(status, 0, error);
      const images = await scanImageFolder(data);
      using sheet = cropSheet(await firstBatch(images, config), config, count);
      assertEquals(Deno.readFileSync(join(output, "crops.png")), encodePng(sheet));
    }
  }));
