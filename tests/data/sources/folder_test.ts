import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { scanImageFolder } from "../../../src/data/sources/folder.ts";
import { NO_LABEL } from "../../../src/data/sources/labels.ts";
import { describeLeftOut } from "../../../src/data/sources/left_out.ts";
import { withEmptyFiles } from "../../temp_folder.ts";

Deno.test("a flat folder's images are listed in a fixed order, without classes", async () => {
  await withEmptyFiles(["b.JPEG", "a.png", "c.tif", "notes.txt", ".hidden.jpg"], async (root) => {
    const folder = await scanImageFolder(root);
    assertEquals(folder.paths, ["a.png", "b.JPEG", "c.tif"]);
    assertEquals([folder.classes, folder.labels], [undefined, undefined]);
  });
});

Deno.test("first-level folders are classes, however deep their images lie", async () => {
  await withEmptyFiles(["dog/2.jpg", "cat/x/y/1.jpg", "dog/1.jpg"], async (root) => {
    const folder = await scanImageFolder(root);
    assertEquals(folder.paths, ["cat/x/y/1.jpg", "dog/1.jpg", "dog/2.jpg"]);
    assertEquals(folder.classes, ["cat", "dog"]);
    assertEquals([...folder.labels!], [0, 1, 1]);
  });
});

Deno.test("images beside the class folders have no class, and one folder alone makes none", async () => {
  await withEmptyFiles(["cat/1.jpg", "dog/1.jpg", "0.jpg"], async (root) => {
    const { classes, labels } = await scanImageFolder(root);
    assertEquals([classes, [...labels!]], [["cat", "dog"], [NO_LABEL, 0, 1]]);
  });
  await withEmptyFiles(["all/1.jpg", "all/2.jpg"], async (root) => {
    assertEquals((await scanImageFolder(root)).labels, undefined);
  });
});

Deno.test("splits of a data set are no classes: the folders in them are, if there are any", async () => {
  const names = ["Train/cat/1.jpg", "Train/dog/x/2.jpg", "Train/3.jpg", "val/cat/4.jpg"];
  await withEmptyFiles([...names, "test/notes.txt"], async (root) => {
    const { paths, classes, labels, leftOut } = await scanImageFolder(root);
    assertEquals([classes, [...labels!]], [["cat", "dog"], [NO_LABEL, 0, 1, 0]]);
    assertEquals(paths, ["Train/3.jpg", ...names.filter((name) => name !== "Train/3.jpg")]);
    assertEquals(leftOut!.filter(({ kind }) => kind !== "expected").map(describeLeftOut), [
      "Skipped test: a folder beside the classes that holds no image",
    ]);
  });
  await withEmptyFiles(["train/1.jpg", "val/2.jpg"], async (root) => {
    assertEquals((await scanImageFolder(root)).classes, undefined);
  });
  const others = [["train/1.jpg", "bus/2.jpg", "test/3.jpg"], ["val/1.jpg", "test/2.jpg"]];
  for (const names of others) {
    await withEmptyFiles(names, async (root) => {
      const folders = names.map((name) => name.split("/")[0]).sort();
      assertEquals((await scanImageFolder(root)).classes, folders);
    });
  }
});

Deno.test("every name of a folder is a class of its own, whatever links to it", async () => {
  await withEmptyFiles(["a/1.jpg", "b/2.jpg"], async (root) => {
    await Deno.symlink(join(root, "a"), join(root, "c"));
    await Deno.symlink(join(root, "a"), join(root, "0z"));
    const folder = await scanImageFolder(root);
    assertEquals(folder.classes, ["0z", "a", "b", "c"]);
    assertEquals(folder.paths, ["0z/1.jpg", "a/1.jpg", "b/2.jpg", "c/1.jpg"]);
  });
});

Deno.test("what looks like an image and is not taken is told, with the classes that vanish by it", async () => {
  const names = ["a/1.png", "b/1.png", "c/1.heic", "c/2.heic", "d/notes.txt", "@eaDir/b/1.jpg"];
  await withEmptyFiles(names, async (root) => {
    await Deno.symlink(join(root, "nothing"), join(root, "a", "gone.jpg"));
    const { classes, leftOut } = await scanImageFolder(root);
    assertEquals(classes, ["a", "b"]);
    assertEquals(leftOut!.filter(({ kind }) => kind !== "expected").map(describeLeftOut), [
      "Skipped a/gone.jpg: a link to nothing",
      "Skipped c/1.heic, c/2.heic: .heic files cannot be decoded: convert them to PNG",
      "Skipped c, d: a folder beside the classes that holds no image",
    ]);
  });
});

Deno.test("a name that is not UTF-8 is told as that, not as a file that is gone", async () => {
  await withEmptyFiles(["a.png"], async (root) => {
    const script = "touch \"$1/$(printf 'caf\\351.png')\"";
    await new Deno.Command("sh", { args: ["-c", script, "sh", root] }).output();
    const { paths, leftOut } = await scanImageFolder(root);
    assertEquals([paths, leftOut!.length, leftOut![0].count], [["a.png"], 1, 1]);
    assertStringIncludes(leftOut![0].reason, "not UTF-8");
  });
});

Deno.test("links are followed, and one that leads back up ends", async () => {
  await withEmptyFiles(["a/1.jpg"], async (root) => {
    await withEmptyFiles(["2.jpg"], async (elsewhere) => {
      await Deno.symlink(root, join(root, "a", "up"));
      await Deno.symlink(elsewhere, join(root, "b"));
      await Deno.symlink(join(root, "nothing"), join(root, "gone"));
      assertEquals((await scanImageFolder(root)).paths, ["a/1.jpg", "b/2.jpg"]);
    });
  });
});

Deno.test("a folder that cannot give images says why", async () => {
  await withEmptyFiles(["notes.txt"], async (root) => {
    await assertRejects(() => scanImageFolder(root), Error, "none of its 1 files ends in .jpg");
    await assertRejects(() => scanImageFolder(join(root, "no")), Error, "there is no such folder");
    await assertRejects(() => scanImageFolder(join(root, "notes.txt")), Error, "it is a file");
  });
  await withEmptyFiles([], async (root) => {
    await assertRejects(() => scanImageFolder(root), Error, "the folder is empty");
  });
});

Deno.test("a link to a folder above itself, hidden files and links to no image are told apart", async () => {
  await withEmptyFiles(["a/1.jpg", "b/.hidden.jpg", "b/2.jpg"], async (root) => {
    await Deno.symlink(root, join(root, "a", "up"));
    await Deno.symlink(join(root, "none"), join(root, "b", "notes"));
    const { leftOut } = await scanImageFolder(root);
    assertEquals(leftOut!.map(({ reason, examples, kind }) => [reason, examples, kind]), [
      ["a link to a folder above itself", ["a/up"], "lost"],
      ["hidden, or left behind by another program", ["b/.hidden.jpg"], "expected"],
      ["a link to nothing", ["b/notes"], "expected"],
    ]);
  });
});
