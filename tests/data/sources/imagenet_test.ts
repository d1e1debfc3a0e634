import "../../native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { alignClasses, checkClasses } from "../../../src/eval/classes.ts";
import { describeLeftOut } from "../../../src/data/sources/left_out.ts";
import { openImages } from "../../../src/data/sources/open.ts";
import { inTempFolder } from "../../temp_folder.ts";
import { assertImages, CASES, right, type RightImage } from "./cases.ts";

const root = `${CASES}imagenet/root`;

Deno.test("the three splits of ImageNet-1k have the reference's order, numbers and whole names", async () => {
  const splits = right<Record<string, RightImage[]>>("imagenet");
  await assertImages(
    `ImageNet:split=TRAIN:root=${root}:extra=${CASES}imagenet/extra`,
    splits.train,
  );
  await assertImages(`ImageNet:split=VAL:root=${root}`, splits.val);
  await assertImages(`ImageNet:split=TEST:root=${root}`, splits.test);
  const [train, val] = await Promise.all(
    ["TRAIN", "VAL"].map((split) => openImages(`ImageNet:split=${split}:root=${root}`)),
  );
  assertEquals([...alignClasses(train, val).labels!], [0, 1, 2, 3]);
});

Deno.test("without labels.txt classes are called by their ids, or as Kaggle calls them", async () => {
  const classes = async (name: string) =>
    (await openImages(`ImageNet:root=${CASES}imagenet/${name}`)).classes;
  assertEquals(await classes("no-labels"), ["n01440764", "n01443537"]);
  assertEquals(await classes("kaggle"), ["tench, Tinca tinca", "goldfish, Carassius auratus"]);
});

Deno.test("names of classes with commas that are not quoted are taken whole, and told in a line", async () => {
  const { classes, leftOut } = await openImages(`ImageNet:root=${CASES}imagenet/bad-labels`);
  assertEquals(classes, undefined, "images of one folder have no classes");
  assertEquals(leftOut!.map(describeLeftOut), [
    "Reinterpreted n01440764,tench, with a comma that is not quoted: " +
    "all behind the first comma as the name: quote it in labels.txt",
  ]);
});

Deno.test("a split without class folders trains, and is refused by evaluations", async () => {
  const flat = await openImages(`ImageNet:split=VAL:root=${CASES}imagenet/flat-val`);
  assertEquals([flat.paths.length, flat.labels], [2, undefined]);
  await assertRejects(() => Promise.try(() => checkClasses(flat)), Error, "it has no classes");
});

Deno.test("a string without a folder is refused with the form it has", async () => {
  await assertRejects(
    () => openImages("ImageNet:split=TRAIN"),
    TypeError,
    "ImageNet:split=TRAIN:root=DIR",
  );
});

Deno.test("ImageNet-22k is a tar for each class, and classes of one title stay two", async () => {
  await inTempFolder(async (folder) => {
    const none = () => openImages(`ImageNet22k:root=${folder}`);
    await assertRejects(none, Error, `Cannot find images in ${folder}: it holds no CLASS.tar`);
    for (const id of ["n02", "n01", "n03"]) {
      await Deno.copyFile(`${CASES}missing_shard/00000.tar`, `${folder}/${id}.tar`);
    }
    await Deno.writeTextFile(`${folder}/labels.txt`, 'n01,crane\nn02,crane\nn03,"lamp, desk"\n');
    const { classes, labels } = await openImages(`ImageNet22k:root=${folder}:extra=x`);
    assertEquals(classes, ["crane (n01)", "crane (n02)", "lamp, desk"]);
    assertEquals([...labels!], [0, 0, 1, 1, 2, 2]);
  });
});

Deno.test("the reference's folder of tables is not needed, which is told; other keys and splits are refused", async () => {
  const { leftOut } = await openImages(`ImageNet:split=VAL:root=${root}:extra=/data/extra`);
  assertEquals(leftOut!.filter(({ examples }) => examples[0] === "extra=/data/extra").length, 1);
  await assertRejects(
    () => openImages(`ImageNet:split=VAL:root=${root}:size=64`),
    TypeError,
    "its options are split, root and extra, not size",
  );
  await assertRejects(
    () => openImages(`ImageNet22k:split=VAL:root=${root}`),
    TypeError,
    "all of it is TRAIN",
  );
});
