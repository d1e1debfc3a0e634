import "../../native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { openImages } from "../../../src/data/sources/open.ts";
import { ZipWriter } from "../../../src/files/zip/writer.ts";
import { inTempFolder } from "../../temp_folder.ts";
import { CASES, listed, unpack } from "./cases.ts";

/** Makes a zip of a folder by Python's own writer. */
async function zip(
  folder: string,
  path: string,
  method: "ZIP_STORED" | "ZIP_DEFLATED",
): Promise<void> {
  const script = `import os, sys, zipfile
with zipfile.ZipFile(sys.argv[2], "w", zipfile.${method}) as z:
    for at, _, names in os.walk(sys.argv[1]):
        for name in names:
            whole = os.path.join(at, name)
            if os.path.exists(whole): z.write(whole, "set/" + os.path.relpath(whole, sys.argv[1]))`;
  const { success } = await new Deno.Command("python3", { args: ["-c", script, folder, path] })
    .output();
  assertEquals(success, true);
}

Deno.test("a zip of class folders holds what the folder holds, stored or deflated", async () => {
  await inTempFolder(async (folder) => {
    const images = await unpack("links", folder) + "/data";
    const { images: plain } = await listed(images);
    for (const method of ["ZIP_STORED", "ZIP_DEFLATED"] as const) {
      await zip(images, `${folder}/set.zip`, method);
      const found = (await listed(`${folder}/set.zip`)).images;
      const facts = (image: { class: string | null; sha256: string }) =>
        `${image.class} ${image.sha256}`;
      const linked = (image: { path: string }) => !image.path.includes("linked-class"); // zip follows no link to a folder
      assertEquals(found.map(facts).sort(), plain.filter(linked).map(facts).sort());
    }
  });
});

Deno.test("a zip that was cut, and one without images, are told", async () => {
  await inTempFolder(async (folder) => {
    await zip(`${CASES}missing_shard`, `${folder}/a.zip`, "ZIP_STORED");
    assertEquals(
      (await openImages(`${folder}/a.zip`)).leftOut!.at(-1)!.reason,
      "an archive without images",
    );
    const bytes = await Deno.readFile(`${folder}/a.zip`);
    await Deno.writeFile(`${folder}/a.zip`, bytes.subarray(0, 5000));
    await assertRejects(() => openImages(`${folder}/a.zip`), Error, "a.zip: it is cut short");
  });
});

/** Makes a zip of files by their names. */
function zipOf(path: string, names: readonly string[]): void {
  using file = Deno.openSync(path, { create: true, write: true, truncate: true });
  const archive = new ZipWriter(file);
  for (const name of names) archive.add(name, new Uint8Array(1));
  archive.finish();
}

Deno.test("folders below the one that holds all are classes, where there are two; what is no image is told", async () => {
  await inTempFolder(async (folder) => {
    const path = `${folder}/a.zip`;
    zipOf(path, [
      "s/t/b/1.jpg",
      "s/t/a/2.jpg",
      "s/t/a/",
      "s/__MACOSX/a.jpg",
      "s/x.heic",
      "s/t/notes.txt",
    ]);
    const { paths, classes, labels, leftOut } = await openImages(path);
    assertEquals([paths, classes, [...labels!]], [["a.zip/s/t/a/2.jpg", "a.zip/s/t/b/1.jpg"], [
      "a",
      "b",
    ], [0, 1]]);
    assertEquals(leftOut!.map(({ examples, kind }) => [...examples, kind]), [
      ["a.zip/s/__MACOSX/a.jpg", "expected"],
      ["a.zip/s/t/notes.txt", "expected"],
      ["a.zip/s/x.heic", "lost"],
    ]);
    for (const alone of [["s/a/1.jpg", "s/a/2.jpg"], ["s/1.jpg", "s/a/2.jpg"]]) {
      zipOf(path, alone);
      assertEquals((await openImages(path)).classes, undefined);
    }
  });
});

Deno.test("of an archive with parts that for training is taken, or the one asked for, with the folders in it", async () => {
  await inTempFolder(async (folder) => {
    const path = `${folder}/a.zip`;
    zipOf(path, ["s/train/a/1.jpg", "s/train/b/2.jpg", "s/val/b/3.jpg"]);
    const train = await openImages(path);
    assertEquals([train.paths.length, train.classes], [2, ["a", "b"]]);
    assertEquals(train.leftOut!.map(({ reason }) => reason), ["of another split than train"]);
    assertEquals((await openImages(`${path}:split=validation`)).paths, ["a.zip/s/val/b/3.jpg"]);
    const missing = () => openImages(`${path}:split=test`);
    await assertRejects(missing, Error, `Cannot find the split test in ${path}: neither names`);
  });
});

Deno.test("a link in an archive is told as one, not as an image that is broken", async () => {
  await inTempFolder(async (folder) => {
    const path = `${folder}/a.zip`;
    zipOf(path, ["a.jpg", "b.jpg"]);
    const bytes = await Deno.readFile(path), view = new DataView(bytes.buffer);
    const central = [...bytes.keys()].findLast((at) =>
      at + 4 <= bytes.length && view.getUint32(at, true) === 0x02014b50
    )!;
    view.setUint32(central + 38, 0o120777 * 2 ** 16, true);
    await Deno.writeFile(path, bytes);
    const { paths, leftOut } = await openImages(path);
    assertEquals(paths, ["a.zip/a.jpg"]);
    assertEquals(leftOut!.map(({ reason, examples }) => [reason, examples]), [
      ["a link, which is not read from archives", ["a.zip/b.jpg"]],
    ]);
  });
});

Deno.test("a folder train beside other classes is one of them, beside folders of classes it is a part", async () => {
  await inTempFolder(async (folder) => {
    const path = `${folder}/a.zip`;
    const found = async (...names: string[]) => {
      zipOf(path, names);
      const { paths, classes } = await openImages(path);
      return [paths.length, classes];
    };
    assertEquals(await found("bus/1.jpg", "car/2.jpg", "train/3.jpg"), [3, [
      "bus",
      "car",
      "train",
    ]]);
    assertEquals(await found("extra/1.jpg", "train/a/2.jpg", "train/b/3.jpg"), [2, ["a", "b"]]);
    assertEquals(await found("extra/1.jpg", "train/2.jpg", "val/3.jpg"), [1, undefined]);
  });
});
