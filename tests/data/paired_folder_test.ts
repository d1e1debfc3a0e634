import "../native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { dirname, join } from "@std/path";
import { evaluationBatches } from "../../src/data/loader.ts";
import { scanPairedFolder } from "../../src/data/paired_folder.ts";
import type { DepthTargets, LabelTargets } from "../../src/data/target.ts";
import { inTempFolder } from "../temp_folder.ts";
import { writePng } from "./codec/write_png.ts";

const labels: LabelTargets = { kind: "labels", numClasses: 3, reduceZeroLabel: false };
const depth: DepthTargets = { kind: "depth", scale: 1000 };

/** Runs the body with a folder of these files. */
async function withFiles(
  files: Record<string, string | Uint8Array>,
  body: (root: string) => Promise<void>,
): Promise<void> {
  await inTempFolder(async (root) => {
    for (const [name, content] of Object.entries(files)) {
      await Deno.mkdir(dirname(join(root, name)), { recursive: true });
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      await Deno.writeFile(join(root, name), bytes);
    }
    await body(root);
  });
}

function empty(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, ""]));
}

Deno.test("images and annotations of one stem are pairs, also in folders of their own", async () => {
  const files = ["images/a.jpg", "images/x/b.png", "annotations/a.png", "annotations/x/b.png"];
  await withFiles(empty(...files), async (root) => {
    const { paths, targets } = await scanPairedFolder(root, labels);
    assertEquals(paths, ["images/a.jpg", "images/x/b.png"]);
    assertEquals(targets, { paths: ["annotations/a.png", "annotations/x/b.png"], kind: labels });
  });
});

Deno.test("a part is a folder inside both, as in ADE20K", async () => {
  const files = ["training/1", "validation/2"].flatMap((stem) => [
    `images/${stem}.jpg`,
    `annotations/${stem}.png`,
  ]);
  await withFiles(empty(...files), async (root) => {
    const { paths } = await scanPairedFolder(root, labels, { split: "validation" });
    assertEquals(paths, ["images/validation/2.jpg"]);
    await assertRejects(
      () => scanPairedFolder(root, labels, { split: "val" }),
      Error,
      'Cannot find the split "val"',
    );
  });
});

Deno.test("a part is a list of stems, and most images lack a mask, as in VOC", async () => {
  const names = ["JPEGImages/1.jpg", "JPEGImages/2.jpg", "JPEGImages/3.jpg"];
  const masks = ["SegmentationClass/1.png", "SegmentationClass/3.png"];
  const files = empty(...names, ...masks);
  const lists = {
    "ImageSets/Segmentation/val.txt": "3\n\n1\n",
    "ImageSets/Segmentation/bad.txt": "2\n",
    "ImageSets/Segmentation/twice.txt": "1\r\n3\r\n1\r\n",
    "ImageSets/Segmentation/empty.txt": "\n",
  };
  await withFiles({ ...files, ...lists }, async (root) => {
    assertEquals((await scanPairedFolder(root, labels)).targets!.paths, masks);
    const { paths } = await scanPairedFolder(root, labels, { split: "val" });
    assertEquals(paths, ["JPEGImages/3.jpg", "JPEGImages/1.jpg"]);
    const twice = await scanPairedFolder(root, labels, { split: "twice" });
    assertEquals(twice.paths, ["JPEGImages/1.jpg", "JPEGImages/3.jpg"]);
    await assertRejects(
      () => scanPairedFolder(root, labels, { split: "empty" }),
      Error,
      `Cannot find images of the split "empty" in ${root}: it is empty`,
    );
    await assertRejects(
      () => scanPairedFolder(root, labels, { split: "bad" }),
      Error,
      "SegmentationClass/ has none called 2",
    );
  });
});

Deno.test("depth maps are PNG or NumPy files", async () => {
  await withFiles(empty("rgb/1.jpg", "rgb/2.jpg", "depth/1.png", "depth/2.npy"), async (root) => {
    assertEquals((await scanPairedFolder(root, depth)).targets!.paths, [
      "depth/1.png",
      "depth/2.npy",
    ]);
  });
});

Deno.test("what lacks its partner or its folder is named", async () => {
  await withFiles(empty("images/a.jpg", "images/b.jpg", "annotations/a.png"), async (root) => {
    await assertRejects(
      () => scanPairedFolder(root, labels),
      Error,
      "annotations/ has none called b",
    );
    await assertRejects(
      () => scanPairedFolder(root, depth),
      Error,
      "it must hold the folders images/ and depth/, or rgb/ and depth/",
    );
  });
  await withFiles(empty("images/a.jpg", "annotations/a.png", "annotations/c.png"), async (root) => {
    await assertRejects(() => scanPairedFolder(root, labels), Error, "images/ has none called c");
  });
});

Deno.test("two images of one mask are refused by name, for one of them would be lost", async () => {
  const files = ["images/a.jpg", "images/a.png", "annotations/a.png"];
  await withFiles(empty(...files), async (root) => {
    await assertRejects(
      () => scanPairedFolder(root, labels),
      Error,
      "a.jpg, a.png match one file",
    );
  });
});

Deno.test("images come with their masks; broken pairs are listed and passed over", async () => {
  const image = (width: number) => writePng({ width, height: 1, values: Array(width).fill(9) });
  const mask = (...values: number[]) => writePng({ width: values.length, height: 1, values });
  const names = Array.from({ length: 32 }, (_, i) => `good${i}`);
  const pairs: [string, Uint8Array, Uint8Array][] = [
    ...names.map((name): [string, Uint8Array, Uint8Array] => [name, image(2), mask(2, 255)]),
    ["range", image(1), mask(3)],
    ["size", image(2), mask(0)],
    ["torn", image(1), mask(0).subarray(0, 40)],
  ];
  const files = Object.fromEntries(
    pairs.flatMap(([name, a, b]) => [[`images/${name}.png`, a], [`annotations/${name}.png`, b]]),
  );
  await withFiles(files, async (root) => {
    const folder = await scanPairedFolder(root, labels);
    using loader = evaluationBatches(folder, { workers: 1 });
    for await (const { images } of loader) {
      assertEquals(images.length, 32);
      for (const { target } of images) assertEquals([...target!], [2, 255]);
    }
    assertEquals(loader.brokenFiles, [
      {
        path: "images/range.png",
        reason: "range.png: it holds 3, but the 3 classes are 0 to 2",
      },
      { path: "images/size.png", reason: "size.png: it has 1x1 pixels, its image 2x1" },
      { path: "images/torn.png", reason: "torn.png: the PNG is cut off" },
    ]);
  });
});
