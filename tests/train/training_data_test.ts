import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Config, Settings } from "../../src/config/schema.ts";
import { BUILTIN_SIZES, makeBuiltinDataset } from "../../src/data/builtin/builtin.ts";
import { MAX_PIXELS } from "../../src/data/image.ts";
import {
  decodingOf,
  foreseenSizes,
  openTrainingData,
  sizesOf,
  type TrainingData,
} from "../../src/train/training_data.ts";
import { CASES } from "../data/sources/cases.ts";
import { parquetFile } from "../data/sources/write_parquet.ts";
import { inTempFolder } from "../temp_folder.ts";

function configured(dataset_path: string, ...more: Settings[]): Config {
  const train = { dataset_path, batch_size_per_gpu: 1 };
  return resolveConfig({ train, dino: { koleo_loss_weight: 0 } }, ...more);
}

/** What a run finds, and what it tells of that. */
async function opened(config: Config): Promise<TrainingData & { readonly notes: string[] }> {
  const notes: string[] = [];
  const onNote = (text: string) => notes.push(text);
  return { ...await openTrainingData(config, { onNote, isStreamed: false }), notes };
}

/** Twenty images to train on and ten to evaluate. */
async function withImages(body: (train: string, val: string) => Promise<void>): Promise<void> {
  await inTempFolder(async (folder) => {
    const data = join(folder, "data");
    await makeBuiltinDataset(data, { trainPerClass: 2, valPerClass: 1, size: 32 });
    await body(join(data, "train"), join(data, "val"));
  });
}

Deno.test("where the built-in dataset cannot be made, images of one's own are asked for", () =>
  inTempFolder(async (folder) => {
    const before = Deno.cwd();
    Deno.chdir(folder);
    try {
      await Deno.symlink("/proc", "runs"); // where nobody makes files
      const cure = ". Pass images of your own with --data DIR";
      const { message } = await assertRejects(() => opened(configured("")), Error, cure);
      assertMatch(
        message,
        /^Cannot make the built-in dataset in .*builtin_dataset: /,
      );
    } finally {
      Deno.chdir(before);
    }
  }));

Deno.test("a run decodes as the reference does unless told otherwise", () => {
  const { data } = resolveConfig();
  assertEquals(decodingOf(data), { channels: 3, exif: "ignore", maxPixels: MAX_PIXELS });
  const asked = decodingOf({ ...data, channels: 4, exif: "apply", max_pixels: 9 });
  assertEquals(asked, { channels: 4, exif: "apply", maxPixels: 9 });
});

Deno.test("as many images as a batch are enough, fewer are refused with the batch that they fill", () =>
  withImages(async (train) => {
    const of = (batch_size_per_gpu: number, accumulate = 1) =>
      opened(configured(train, { train: { batch_size_per_gpu, accumulate } }));
    assertEquals((await of(20)).images.paths.length, 20);
    assertEquals((await of(10, 2)).notes, []);
    await assertRejects(
      () => of(21),
      RangeError,
      "Cannot make batches of 21 from 20 images: set train.batch_size_per_gpu=20 or less",
    );
    await assertRejects(
      () => of(7, 3),
      RangeError,
      "set train.batch_size_per_gpu=6 or less, or lower train.accumulate",
    );
    await assertRejects(() => of(1, 21), RangeError, "train.batch_size_per_gpu=1 or less, or");
  }));

Deno.test("what is evaluated is compared with the images trained on, or with others that are named", () =>
  withImages(async (train, val) => {
    const of = async (evaluation: Settings["evaluation"]) => {
      const { images, labelled, notes } = await opened(configured(train, { evaluation }));
      return { isSame: labelled?.train === images, labelled, notes };
    };
    const own = await of({ val_dataset_path: val });
    assertEquals([own.isSame, own.labelled?.val.root, own.notes], [true, val, []]);
    const other = await of({ val_dataset_path: val, train_dataset_path: val });
    assertEquals([other.isSame, other.labelled?.train.root], [false, val]);
    assertEquals((await of({})).labelled, undefined);
    const [cat] = [...Deno.readDirSync(val)].map(({ name }) => join(val, name));
    await Deno.copyFile(join(cat, [...Deno.readDirSync(cat)][0].name), join(val, "loose.png"));
    const { labelled: some, notes: told } = await of({ val_dataset_path: val });
    assertEquals(some?.val.paths, own.labelled?.val.paths);
    assertEquals(told, ["Evaluation during training: Skipped loose.png: its class is not known"]);
    const never = await of({ val_dataset_path: val, eval_period_iterations: 0 });
    assertEquals([never.labelled, never.notes], [undefined, []]);
    const flat = join(train, [...Deno.readDirSync(train)][0].name);
    const { labelled, notes } = await of({ val_dataset_path: flat });
    assertEquals([labelled, notes.length], [undefined, 1]);
    assertMatch(notes[0], /^No evaluation during training: /);
  }));

Deno.test("a run tells in which order images are read, and which are left out", async () => {
  const notesOf = async (path: string) => (await opened(configured(path))).notes;
  const inOrder = (images: number) => `Each epoch reads all ${images} images once, in random order`;
  assertEquals(await notesOf(`${CASES}dotted_names`), [inOrder(7)]);
  const splits = await notesOf(`${CASES}hub_splits`);
  assertEquals(splits[0], inOrder(7), "all row groups are shuffled together");
  assertMatch(splits[1], /^Skipped data\/test-00000-of-00001.parquet: of the split test/);
  await inTempFolder(async (folder) => {
    const path = join(folder, "a.parquet");
    const rows = Array(17 * 64).fill(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)); // the beginning of JPEG
    Deno.writeFileSync(path, parquetFile(rows, { groupRows: 64 }));
    assertEquals(await notesOf(path), [
      "Each epoch reads all 1088 images once, shuffled within 16 of 17 row groups at a time, since " +
      "parquet is decompressed by whole row groups",
    ]);
  });
  const sources = ["dotted_names", "hub_splits"]
    .map((name) => ({ path: CASES + name, weight: 1, label: "none" }));
  const { notes } = await opened(configured("", { data: { sources } }));
  assertEquals(
    notes[0],
    "Images are sampled with replacement, by the weights of their sources",
  );
});

Deno.test("the memory of images is foreseen as it will be, also of those that are yet to be made", () =>
  withImages(async (train, val) => {
    const config = configured(train, { evaluation: { val_dataset_path: val } });
    const expected = await sizesOf(await opened(config), config);
    assertEquals(expected, { decoded: 20 * 3 * 32 ** 2, evaluated: [20, 10] });
    assertEquals(await foreseenSizes(config), expected);
    const { classes, train: trained, val: held, size } = BUILTIN_SIZES;
    const builtin = { decoded: classes * trained * 3 * size ** 2 };
    const counts = [classes * trained, classes * held];
    assertEquals(await foreseenSizes(configured("")), { ...builtin, evaluated: counts });
    const never = configured("", { evaluation: { eval_period_iterations: 0 } });
    assertEquals(await foreseenSizes(never), { ...builtin, evaluated: [] });
  }));
