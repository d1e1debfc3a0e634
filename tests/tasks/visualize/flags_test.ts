import "../../native.ts";
import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { stringify } from "@std/yaml";
import { loadBackbone } from "../../../src/backbone/backbone.ts";
import { imageViewOf } from "../../../src/backbone/preprocessing.ts";
import { presets } from "../../../src/config/presets.ts";
import { resolveConfig } from "../../../src/config/resolve.ts";
import type { Settings } from "../../../src/config/schema.ts";
import { openTrainingImages } from "../../../src/train/training_data.ts";
import { withStatistics } from "../../../src/train/run_normalization.ts";
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
import { watched } from "../watched.ts";
import { withRun } from "../small_run.ts";

Deno.test("every flag reaches the pictures of patches, which are those of the library", () =>
  withRun(async (folder, flags) => {
    const data = join(folder, "data", "train"), output = join(folder, "drawn");
    await Deno.writeTextFile(join(data, "broken.png"), "no image");
    const images = await scanImageFolder(data);
    const first = images.paths[7];
    const asked = [...flags.slice(0, 2), "--data", data, "--output", output, "--device", "cpu"];
    const ofWeights = ["--mean", "0.1,0.2,0.3", "--std", "1,0.5,0.2", "--positions", "timm"];
    const sized = [...asked, ...ofWeights, "--count", "3", "--image-size", "24"];
    const preprocessing = { mean: [0.1, 0.2, 0.3], std: [1, 0.5, 0.2] };
    const backbone = loadBackbone(flags[1], { positions: "timm", preprocessing });
    using _model = backbone.model;
    const shown = await readImages(images, spreadOver(images, 3));
    const chosen = await readImages(images, spreadOver(images, 3, { first }));
    const [size, at] = [{ imageSize: 24 }, [20, 9] as const];
    const kinds = [
      [
        pcaCommand,
        ["--foreground", "positive", "--threshold=0.6"],
        () =>
          pcaPictures(backbone, shown.images, { ...size, foreground: "positive", threshold: 0.6 }),
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
      const { status, output: lines, error } = await watched(command, ...sized, ...own);
      assertEquals([status, error], [0, ""]);
      const size = "short side resized to 24, to the nearest whole patch, bicubic; nothing cropped";
      assertEquals(lines.split("\n").slice(3, 5), [
        "Normalised by mean 0.1 0.2 0.3 and standard deviation 1 0.5 0.2 (as asked)",
        `Images: ${size}`,
      ]);
      scope(() => {
        for (const { name, picture } of draw()) {
          assertStringIncludes(lines, `Wrote ${output}/${name}.png`);
          assertEquals(Deno.readFileSync(`${output}/${name}.png`), encodePng(picture), name);
        }
      });
    }
    const { range } = scope(() => similarityPictures(backbone, chosen.images, at, size));
    const similar = await runCommand(similarityCommand, ...sized, ...kinds[2][1]);
    const [least, greatest] = range.map((value) => value.toFixed(3));
    const line = `Similarities to the patch at 20,9 of ${first}: ${least} to ${greatest}`;
    assertStringIncludes(similar.output, `\n${line}\n`);
    const all = await runCommand(attentionCommand, ...asked, "--count", "99");
    assertStringIncludes(all.error, `Skipped ${data}/broken.png: not an image of a known format`);
  }));

Deno.test("neighbours are searched among the images and for the queries asked for, 5 of 8 unless told otherwise", () =>
  withRun(async (folder, flags) => {
    const [data, queries] = ["train", "val"].map((split) => join(folder, "data", split));
    const output = join(folder, "drawn");
    const asked = [...flags.slice(0, 2), "--data", data, "--output", output, "--device", "cpu"];
    const found = () => JSON.parse(Deno.readTextFileSync(join(output, "neighbours.json")));
    await Deno.writeTextFile(join(data, "torn.png"), "no image");
    const { error } = await watched(neighboursCommand, ...asked);
    assertEquals(
      error,
      `Skipped ${data}/torn.png: not an image of a known format\n`,
      "once, as a query and as an image",
    );
    assertEquals(
      found().map(({ neighbours }: { neighbours: unknown[] }) => neighbours.length),
      Array(7).fill(5),
      "of 8 queries, one of them torn",
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
    const sized = ["--image-size", "24", "--mean", "0.1,0.2,0.3", "--batch-size", "16"];
    const told = await watched(
      ...[neighboursCommand, ...asked, ...own, ...sized, "--num-workers", "3"] as const,
    );
    assertEquals(told.output.trimEnd().split("\n").slice(4), [
      "Images: both sides resized to 24, bicubic; mean 0.1 0.2 0.3; standard deviation 0.229 0.224 0.225",
      `Wrote ${output}/neighbours.png`,
      `Wrote ${output}/neighbours.json`,
    ]);
    assertEquals([told.bars, told.threads], [["features 16/31", "features 30/31"], 12]);
    const preprocessing = { image_size: 24, crop_mode: "squash", mean: [0.1, 0.2, 0.3] } as const;
    const known = { preprocessing };
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
    const [data, other] = ["train", "val"].map((part) => join(folder, "data", part));
    const output = join(folder, "drawn"), file = join(folder, "a.yaml");
    const crops = { local_crops_number: 1 };
    await Deno.writeTextFile(file, stringify({ crops, optim: { lr: 3 } }));
    const drawn = async (...flags: string[]) => {
      const given = ["--data", data, "--output", output, "train.num_workers=1"];
      const { status, output: told, error } = await watched(cropsCommand, ...given, ...flags);
      assertEquals([status, error], [0, ""]);
      return told.trimEnd().split("\n");
    };
    const expected = async (settings: Settings, count: number, sources = [data]) => {
      const many = sources.map((path) => ({ path }));
      const places = sources.length === 1
        ? { train: { dataset_path: data } }
        : { data: { sources: many } };
      const asked = resolveConfig(settings, places);
      const notes: string[] = [];
      const images = await openTrainingImages(asked);
      const config = await withStatistics(asked, images, (note) => notes.push(note));
      using sheet = cropSheet(await firstBatch(images, config), config, count);
      assertEquals(Deno.readFileSync(join(output, "crops.png")), encodePng(sheet));
      return [...notes, `Wrote ${output}/crops.png`];
    };
    const { settings } = presets.cifar10;
    const one = { ...settings, crops: { ...settings.crops, ...crops } };
    const asCifar = ["--preset", "cifar10", "crops.local_crops_number=1"];
    const seeded = { ...one, train: { ...one.train, seed: 5 } };
    assertEquals(await drawn(...asCifar, "--seed", "5"), await expected(seeded, 8));
    const [why, ...rest] = await drawn("--count", "2", "crops.local_crops_number=1");
    assertMatch(why, /^Preset cifar10, because /);
    assertEquals(rest, await expected(one, 2));
    const small = ["--count", "2", "train.batch_size_per_gpu=2", "data.mean=auto", "data.std=auto"];
    const measured = { ...{ crops }, data: { mean: "auto", std: "auto" } } as const;
    const [ignored, ...after] = await drawn("--config", file, ...small, "--data", other);
    assertMatch(ignored, /^optim.lr /);
    const ofTwo = { ...measured, train: { batch_size_per_gpu: 2 } };
    assertEquals(after, await expected(ofTwo, 2, [data, other]));
  }));

Deno.test("pictures of crops go beside all images, not only the first ones", () =>
  withRun(async (folder) => {
    const [data, other] = ["train", "val"].map((part) => join(folder, "data", part));
    const given = ["--data", data, "--data", other, "--output", join(other, "drawn")];
    const refused = `Cannot write pictures to ${join(other, "drawn")}: it is inside`;
    await assertRejects(() => runCommand(cropsCommand, ...given), Error, refused);
  }));

Deno.test("a folder that pictures cannot be written into is told before images are read", () =>
  withRun(async (folder, flags) => {
    const data = join(folder, "data", "train");
    const given = [...flags.slice(0, 2), "--data", data, "--output", "/proc/drawn"];
    for (const command of [pcaCommand, neighboursCommand]) {
      const refused = await assertRejects(() => watched(command, ...given, "--count", "1"), Error);
      assertStringIncludes(refused.message, "Cannot write into /proc/drawn: ");
    }
  }));
