import "../../native.ts";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { trainingBatches } from "../../../src/data/loader.ts";
import { openImages, type SourceOptions } from "../../../src/data/sources/open.ts";
import { type ImageFolder, locate } from "../../../src/data/folder.ts";
import { readSample } from "../../../src/data/sources/sample.ts";
import { inTempFolder } from "../../temp_folder.ts";
import { parquetFile } from "./write_parquet.ts";
import { assertImages, CASES, listed, right, type RightImage } from "./cases.ts";

Deno.test("every codec, page version, encoding and number of row groups gives the same rows", async () => {
  const [rows] = Object.values(right<Record<string, RightImage[]>>("parquet_codecs"));
  for (const { name } of Deno.readDirSync(`${CASES}parquet_codecs`)) {
    const { images, leftOut } = await listed(`${CASES}parquet_codecs/${name}`);
    if (name === "no-rows.parquet") {
      assertEquals([images.length, leftOut[0].reason], [0, "a file without rows"]);
      continue;
    }
    assertEquals(images.map(({ sha256 }) => sha256), rows.map(({ sha256 }) => sha256), name);
    assertEquals(images.map((image) => image.class), rows.map((image) => image.class), name);
  }
});

Deno.test("splits of a data set of Hugging Face stay apart, its class names and numbers stay its own", async () => {
  const splits = right<Record<string, RightImage[]>>("hub_splits");
  const folder = `${CASES}hub_splits`;
  await assertImages(folder, splits.train);
  await assertImages(`${folder}:split=validation`, splits.validation);
  await assertImages(`${folder}:split=test`, splits.test);
  const { classes } = await openImages(folder);
  assertEquals(classes, ["tabby cat", "döner, kebab", "zebra", "unused class"]);
});

Deno.test("what is no parquet file is refused by name and cure, all of a folder at once", async () => {
  const folder = `${CASES}not_parquet`;
  const error = await assertRejects(() => openImages(folder), Error, "2 of 3 shards");
  assertEquals(error.message.split("\n").map((line: string) => line.split(": ").pop()).slice(1), [
    "run `git lfs pull` where it lies, or download it again",
    "the download broke off, repeat it",
  ]);
  const reasons: Record<string, string> = {
    "empty": "it is empty",
    "encrypted-footer": "it is encrypted",
    "footer-garbage": "its footer is damaged",
    "footer-length-2GiB": "its footer is damaged",
    "no-image-column":
      "none of its columns (url: text, caption: text) holds the bytes of one image",
    "only-magic": "8 bytes are not a parquet file",
    "web-page": "it is a web page",
  };
  for (const [name, reason] of Object.entries(reasons)) {
    await assertRejects(() => openImages(`${folder}/others/${name}.parquet`), Error, reason);
  }
});

Deno.test("a damaged picture or page is skipped by its row, its neighbours stay", async () => {
  const expected = right<Record<string, RightImage[]>>("not_parquet");
  const name = "others/first-picture-garbage.parquet";
  await assertImages(`${CASES}not_parquet/${name}`, expected[name]);
  const { images, leftOut } = await listed(
    `${CASES}not_parquet/others/page-header-garbage.parquet`,
  );
  assertEquals([images.length, leftOut.reduce((sum, { count }) => sum + count, 0)], [0, 3]);
  assertStringIncludes(leftOut[0].reason, 'its column "image" cannot be read in rows 0 to 2 (');
});

Deno.test("row groups are read in sequence, shuffled a few at a time, and go on exactly within one", async () => {
  const folder = await openImages(`${CASES}parquet_codecs/zstd-v1.parquet`);
  assertEquals(folder.groups, { starts: Array.from({ length: 12 }, (_, i) => i), together: 1024 });
  const orders: number[][] = [];
  let position = 0;
  for (const [count, start] of [[6, 0], [3, 0], [3, 1]]) {
    using loader = trainingBatches(folder, {
      seed: 3,
      batchSize: 4,
      workers: 1,
      position: start && position,
    });
    const order: number[] = [];
    for await (const batch of loader) {
      order.push(...batch.indices);
      position = batch.position;
      if (order.length === 4 * count) break;
    }
    orders.push(order);
  }
  assertEquals([...orders[1], ...orders[2]], orders[0]);
  assertEquals(
    orders[0].slice(0, 12).toSorted((a, b) => a - b),
    Array.from({ length: 12 }, (_, i) => i),
  );
});

Deno.test("rows without bytes name files beside them, never elsewhere; rows of neither are skipped", async () => {
  const folder = `${CASES}bare_rows`;
  const found = async (name: string) => {
    const { images, leftOut } = await listed(`${folder}/${name}.parquet`);
    return [
      images.map(({ path, class: name }) => `${path.split("/")[1]} ${name}`),
      leftOut.map(({ reason }) => reason),
    ];
  };
  assertEquals(await found("nulls"), [["0 0", "1 1", "5 1"], [
    "the row holds no image",
    'the row names a file elsewhere, "../../../etc/hostname"',
    'the row names a file that is not there, "gone.jpg"',
  ]]);
  assertEquals(await found("plain"), [["0 b", "1 a"], ["the row holds no image"]]);
  assertEquals(await found("paths"), [["0 true"], [
    'the row names a file elsewhere, "/etc/hostname"',
  ]]);
});

Deno.test("images are in the column of a usual name, else in the first that holds bytes", async () => {
  await inTempFolder(async (folder) => {
    const bytes = await Deno.readFile(new URL("../images/rgb.png", import.meta.url));
    for (const column of ["image", "payload"]) {
      await Deno.writeFile(`${folder}/${column}.parquet`, parquetFile([bytes], { column }));
      const images = await openImages(`${folder}/${column}.parquet`);
      assertEquals(await readSample(locate(images, 0)), bytes);
    }
  });
});

Deno.test("classes are text, whether or not a tag calls their bytes so", async () => {
  await inTempFolder(async (folder) => {
    const bytes = await Deno.readFile(new URL("../images/rgb.png", import.meta.url));
    const labels = ["katze", "hund", "käfer"];
    const file = parquetFile([bytes, bytes, bytes], { labels, groupRows: 2, column: "payload" });
    await Deno.writeFile(`${folder}/a.parquet`, file);
    const found = await openImages(`${folder}/a.parquet`, { label: "label" });
    assertEquals([found.classes, [...found.labels!]], [["hund", "katze", "käfer"], [1, 0, 2]]);
  });
});

/** The images and classes of a table of one row: a column of bytes that is first, and one of text. */
async function table(column: string, other: string, text: string) {
  let found: unknown[] = [];
  await inTempFolder(async (folder) => {
    const file = parquetFile([Uint8Array.of(1)], { column, labels: [text], labelColumn: other });
    await Deno.writeFile(`${folder}/a.parquet`, file);
    const images = await openImages(`${folder}/a.parquet`);
    const bytes = await readSample(locate(images, 0));
    found = [new TextDecoder().decode(bytes), images.classes?.[0]];
  });
  return found;
}

Deno.test("columns of images and classes are known by the names that people give them", async () => {
  for (const name of ["image", "img", "jpg", "png", "webp", "picture", "bytes", "data"]) {
    assertEquals(await table("payload", name, "x"), ["x", undefined], name);
  }
  const labels = ["label", "labels", "fine_label", "class", "cls", "target", "category"];
  for (const name of labels) assertEquals(await table("payload", name, "x"), ["\x01", "x"], name);
  assertEquals(await table("data", "image", "x"), ["x", undefined], "the usual name comes first");
});

/** Opens a folder of tables of one image each, with the class of that and a description of the columns. */
async function described(
  tables: readonly [label: string, features: unknown][],
  options: SourceOptions = {},
) {
  let found: ImageFolder | undefined;
  await inTempFolder(async (folder) => {
    for (const [i, [label, features]] of tables.entries()) {
      const description = typeof features === "string"
        ? features
        : JSON.stringify({ info: { features } });
      const bytes = [Uint8Array.of(1)];
      const file = parquetFile(bytes, { labels: [label], labelColumn: "kind", description });
      await Deno.writeFile(`${folder}/${i}.parquet`, file);
    }
    found = await openImages(folder, options);
  });
  return [found!.classes, found!.labels && [...found!.labels]];
}

const kinds = (...names: string[]) => ({ kind: { _type: "ClassLabel", names } });

Deno.test("what a table's description calls classes are these, by its names; tables that number them otherwise agree by name", async () => {
  const [cats, dogs] = [kinds("cat", "dog"), kinds("dog", "cat")];
  assertEquals(await described([["1", cats], ["0", cats]]), [["cat", "dog"], [1, 0]]);
  assertEquals(await described([["1", cats], ["0", dogs]]), [["dog"], [0, 0]]);
  assertEquals(await described([["1", cats], ["1", dogs]]), [["cat", "dog"], [1, 0]]);
});

Deno.test("classes may be asked for by column or not at all, and a description that is damaged says nothing", async () => {
  const cats = kinds("cat", "dog");
  assertEquals(await described([["1", cats]], { label: "none" }), [undefined, undefined]);
  assertEquals(await described([["x", {}]]), [undefined, undefined]);
  assertEquals(await described([["x", {}]], { label: "kind" }), [["x"], [0]]);
  assertEquals(await described([["1", "{"]], { label: "kind" }), [["0", "1"], [1]]);
  const missing = () => described([["1", cats]], { label: "species" });
  await assertRejects(missing, Error, 'it has no column "species", but image, kind');
});

Deno.test("a file of more than a gibibyte that a row names is refused unread", async () => {
  await inTempFolder(async (folder) => {
    await Deno.copyFile(`${CASES}bare_rows/paths.parquet`, `${folder}/a.parquet`);
    await Deno.writeFile(`${folder}/x.jpg`, new Uint8Array());
    await Deno.truncate(`${folder}/x.jpg`, 2 ** 30 + 1); // nothing is written: the file is a hole
    const read = async () => readSample(locate(await openImages(`${folder}/a.parquet`), 0));
    await assertRejects(read, Error, "the file has 1073741825 bytes");
  });
});
