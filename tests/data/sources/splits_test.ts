import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { findSplits, splitFolder, splitInPath, splitOf } from "../../../src/data/sources/splits.ts";
import { withEmptyFiles } from "../../temp_folder.ts";

/** What folders and shards of public data sets are called. */
const NAMES = {
  train: ["train", "training", "TRAIN", "training_set", "Train set"],
  validation: ["val", "validation", "valid", "dev", "Val"],
  test: ["test", "testing", "eval", "evaluation"],
} as const;

Deno.test("parts of data sets are known by all their names, in any capitals", async () => {
  for (const [split, names] of Object.entries(NAMES)) {
    for (const name of names) {
      assertEquals(splitOf(name), split as keyof typeof NAMES, name);
      await withEmptyFiles([`${name}/1.jpg`], (root) => {
        assertEquals(splitFolder(root, split as keyof typeof NAMES), join(root, name));
      });
    }
  }
  assertEquals(["trains", "trainset", ""].map(splitOf), [undefined, undefined, undefined]);
  await withEmptyFiles(["train_set/1.jpg", "train/1.jpg"], (root) => {
    assertEquals(splitFolder(root, "train"), join(root, "train"));
  });
});

Deno.test("train and val folders are told from a plain folder of images", async () => {
  await withEmptyFiles(["train/a/1.jpg", "val/a/1.jpg"], (root) => {
    assertEquals(findSplits(root), { train: join(root, "train"), val: join(root, "val") });
  });
  await withEmptyFiles(["train/a/1.jpg"], (root) => {
    assertEquals(findSplits(root), { train: join(root, "train") });
  });
  await withEmptyFiles(["Train/a/1.jpg", "Valid/a/1.jpg"], (root) => {
    assertEquals(findSplits(root), { train: join(root, "Train"), val: join(root, "Valid") });
  });
  await withEmptyFiles(["a/1.jpg", "val/1.jpg"], (root) => {
    assertEquals(findSplits(root), { train: root });
  });
});

Deno.test("a test part is for evaluation where there is none for validation", async () => {
  await withEmptyFiles(["train/a/1.jpg", "TEST/a/1.jpg"], (root) => {
    assertEquals(findSplits(root), { train: join(root, "train"), val: join(root, "TEST") });
  });
});

Deno.test("a shard's part is the last that its path tells", () => {
  assertEquals(splitInPath("data/train-00000-of-00002.parquet"), "train");
  assertEquals(splitInPath("train/set_val.0.tar"), "validation");
  assertEquals(splitInPath("test images 3.zip"), "test");
  assertEquals(splitInPath("contrast-0.tar"), undefined);
});

Deno.test("shards, beside the folder or in its data, tell training and validation, else test", async () => {
  const splits = async (names: string[]) => {
    let found: string[] = [];
    await withEmptyFiles(names, (root) => {
      const { train, val } = findSplits(root);
      found = [train, val ?? ""].map((path) => path.replace(root, ""));
    });
    return found;
  };
  assertEquals(await splits(["train-0.tar", "test-0.tar"]), [":split=train", ":split=test"]);
  assertEquals(
    await splits(["data/train-0.parquet", "data/val-0.parquet", "data/test-0.parquet"]),
    [
      ":split=train",
      ":split=validation",
    ],
  );
  assertEquals(await splits(["train-0.tar", "train-1.tar"]), ["", ""]);
  assertEquals(await splits(["val-0.tar", "test-1.tar"]), ["", ""]);
  assertEquals(await splits(["train/1.jpg", "test/1.jpg"]), ["/train", "/test"]);
  assertEquals(await splits(["train/1.jpg", "bus/1.jpg"]), ["", ""], "a class of vehicles");
  assertEquals(await splits(["train/1.jpg", "bus/1.jpg", "val/1.jpg"]), ["/train", "/val"]);
  assertEquals(await splits(["train/a/1.jpg", "extra/1.jpg"]), ["/train", ""]);
  assertEquals(await splits(["train/1.jpg", "labels/1.txt", ".new/1.jpg"]), ["/train", ""]);
  assertEquals(await splits(["train/1.jpg", "test/1.jpg", "dev/1.jpg"]), ["/train", "/dev"]);
});
