import { assertEquals, assertRejects } from "@std/assert";
import { dirname, join } from "@std/path";
import { findSplits, scanImageFolder } from "../../src/data/folder.ts";
import { inTempFolder } from "../temp_folder.ts";

/** Runs the body with a folder that holds the named, empty files. */
async function withFiles(names: string[], body: (root: string) => Promise<void>): Promise<void> {
  await inTempFolder(async (root) => {
    for (const name of names) {
      await Deno.mkdir(dirname(join(root, name)), { recursive: true });
      await Deno.writeFile(join(root, name), new Uint8Array());
    }
    await body(root);
  });
}

Deno.test("a flat folder's images are listed in a fixed order, without classes", async () => {
  await withFiles(["b.JPEG", "a.png", "c.tif", "notes.txt", ".hidden.jpg"], async (root) => {
    const folder = await scanImageFolder(root);
    assertEquals(folder.paths, ["a.png", "b.JPEG", "c.tif"]);
    assertEquals([folder.classes, folder.labels], [undefined, undefined]);
  });
});

Deno.test("first-level folders are classes, however deep their images lie", async () => {
  await withFiles(["dog/2.jpg", "cat/x/y/1.jpg", "dog/1.jpg"], async (root) => {
    const folder = await scanImageFolder(root);
    assertEquals(folder.paths, ["cat/x/y/1.jpg", "dog/1.jpg", "dog/2.jpg"]);
    assertEquals(folder.classes, ["cat", "dog"]);
    assertEquals([...folder.labels!], [0, 1, 1]);
  });
});

Deno.test("images beside the class folders, or one folder alone, make no classes", async () => {
  await withFiles(["cat/1.jpg", "dog/1.jpg", "0.jpg"], async (root) => {
    assertEquals((await scanImageFolder(root)).labels, undefined);
  });
  await withFiles(["all/1.jpg", "all/2.jpg"], async (root) => {
    assertEquals((await scanImageFolder(root)).labels, undefined);
  });
});

Deno.test("links are followed, and one that leads back up ends", async () => {
  await withFiles(["a/1.jpg"], async (root) => {
    await withFiles(["2.jpg"], async (elsewhere) => {
      await Deno.symlink(root, join(root, "a", "up"));
      await Deno.symlink(elsewhere, join(root, "b"));
      await Deno.symlink(join(root, "nothing"), join(root, "gone"));
      assertEquals((await scanImageFolder(root)).paths, ["a/1.jpg", "b/2.jpg"]);
    });
  });
});

Deno.test("a folder that cannot give images says why", async () => {
  await withFiles(["notes.txt"], async (root) => {
    await assertRejects(() => scanImageFolder(root), Error, "none of its 1 files ends in .jpg");
    await assertRejects(() => scanImageFolder(join(root, "no")), Error, "there is no such folder");
    await assertRejects(() => scanImageFolder(join(root, "notes.txt")), Error, "it is a file");
  });
  await withFiles([], async (root) => {
    await assertRejects(() => scanImageFolder(root), Error, "the folder is empty");
  });
});

Deno.test("train and val folders are told from a plain folder of images", async () => {
  await withFiles(["train/a/1.jpg", "val/a/1.jpg"], async (root) => {
    assertEquals(await findSplits(root), { train: join(root, "train"), val: join(root, "val") });
  });
  await withFiles(["train/a/1.jpg"], async (root) => {
    assertEquals(await findSplits(root), { train: join(root, "train") });
  });
  await withFiles(["a/1.jpg", "val/1.jpg"], async (root) => {
    assertEquals(await findSplits(root), { train: root });
  });
});
