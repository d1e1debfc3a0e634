import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { openImages } from "../../../src/data/sources/open.ts";
import { findSplits } from "../../../src/data/sources/splits.ts";
import { writeEnd, writeMember } from "../../../src/data/sources/tar_writer.ts";
import { ZipWriter } from "../../../src/files/zip/writer.ts";
import { inTempFolder } from "../../temp_folder.ts";

/** Writes an archive of files by their names. */
function archive(path: string, ...names: string[]): void {
  using file = Deno.openSync(path, { create: true, write: true });
  if (path.endsWith(".tar")) {
    for (const name of names) writeMember(file, name, new Uint8Array(1));
    return writeEnd(file);
  }
  const zip = new ZipWriter(file);
  for (const name of names) zip.add(name, new Uint8Array(1));
  zip.finish();
}

Deno.test("a zip archive that is called as a split is that split, with the classes in it", () =>
  inTempFolder(async (folder) => {
    archive(join(folder, "train.zip"), "cat/1.png", "dog/2.png");
    archive(join(folder, "val.zip"), "val/cat/3.png", "val/dog/4.png");
    const { train, val } = findSplits(folder);
    const found = await openImages(train);
    assertEquals([found.paths, found.classes], [
      ["train.zip/cat/1.png", "train.zip/dog/2.png"],
      ["cat", "dog"],
    ]);
    assertEquals((await openImages(val!)).paths, [
      "val.zip/val/cat/3.png",
      "val.zip/val/dog/4.png",
    ]);
    assertEquals((await openImages(`${folder}/*.zip:split=validation`)).classes, ["cat", "dog"]);
  }));

Deno.test("a zip archive may hold the split that is asked for, whatever it is called", () =>
  inTempFolder(async (folder) => {
    archive(join(folder, "train_val.zip"), "train/cat/1.png", "val/cat/2.png");
    for (const source of [folder, join(folder, "train_val.zip")]) {
      assertEquals((await openImages(`${source}:split=train`)).paths, [
        "train_val.zip/train/cat/1.png",
      ]);
    }
  }));

Deno.test("of shards that are named, those of the split asked for are read, told by their names or folders", () =>
  inTempFolder(async (folder) => {
    for (const split of ["train", "val"]) {
      archive(join(folder, `${split}-0.tar`), `${split}.png`);
      Deno.mkdirSync(join(folder, split));
      archive(join(folder, split, "0.tar"), "a.png");
    }
    const { paths, leftOut } = await openImages(`${folder}/*.tar:split=validation`);
    assertEquals(paths, ["val-0.tar/val.png"]);
    assertEquals(leftOut!.map(({ reason }) => reason), [
      "of the split train, which :split=train selects",
    ]);
    assertEquals((await openImages(`${folder}/val/0.tar:split=validation`)).paths, ["0.tar/a.png"]);
    assertEquals((await openImages(`${folder}/*.tar`)).paths.length, 2, "all without one");
  }));

Deno.test("a split that is not there is refused, of a list too", () =>
  inTempFolder(async (folder) => {
    archive(join(folder, "train-0.tar"), "a.png");
    archive(join(folder, "0.tar"), "a.png");
    archive(join(folder, "0.zip"), "a.png");
    archive(join(folder, "sample.tar"), "test/a.png", "test/a.cls");
    await Deno.writeTextFile(join(folder, "list.txt"), "a.png\n");
    const refused = (name: string, reason: string) =>
      assertRejects(() => openImages(`${join(folder, name)}:split=test`), Error, reason);
    await refused("train-0.tar", "Cannot find the split test in ");
    await refused("{train-0,train-0}.tar", "}.tar: it has train");
    await refused("{0,0}.tar", "{0,0}.tar: its shards' names contain none");
    await refused("0.tar", "0.tar: neither names nor folders in it tell that split");
    await refused("0.zip", "0.zip: neither names nor folders in it tell that split");
    await refused("sample.tar", "sample.tar: neither names nor folders in it tell that split");
    await refused("list.txt", "list.txt: a list has no splits");
  }));
