/** Sources as the programs write them that people make data sets with, written by `make_writers.py`, and what is in them. */
import "../../native.ts";
import { assertEquals } from "@std/assert";
import { findSplits } from "../../../src/data/sources/splits.ts";
import { withUnpacked } from "./cases.ts";
import { assertFound, assertRefused, type Found, type NumberedImage } from "./numbered_images.ts";

const NO_IMAGE = "the row holds no image";
const HIDDEN = "hidden, or left behind by another program";
/** As macOS writes é. */
const APART = "e\u0301";

/** The first so many images of a source with their classes. */
function rows(folder: string, ...classes: (string | undefined)[]): NumberedImage[] {
  return classes.map((name, n) => [`${folder}${n}`, n, name]);
}

/** The first so many rows of a table with their classes; a row of class "-" holds no image. */
function table(...classes: (string | undefined)[]): Found {
  const images = rows("", ...classes).filter(([, , name]) => name !== "-");
  return { images, leftOut: images.length < classes.length ? [NO_IMAGE] : [] };
}

Deno.test("shards of webdataset and archives of GNU's tar are read, labelled and incremental ones too", () =>
  assertFound("writers", {
    shards: {
      images: [
        ["set-000000.tar/0000.png", 0, "0"],
        ["set-000000.tar/0001.png", 1, "1"],
        ["set-000001.tar/0002.png", 2, "0"],
      ],
    },
    packed_shards: {
      images: [
        ["set-000000.tar.gz/0000.png", 0, "0"],
        ["set-000000.tar.gz/0001.png", 1, "1"],
        ["set-000001.tar.gz/0002.png", 2, "0"],
      ],
    },
    "labelled.tar": { images: [["cat/a.png", 0], ["dog/b.png", 1]] },
    "incremental.tar": { images: [["cat/a.png", 0], ["dog/b.png", 1]] },
  }));

Deno.test("parquet of PyArrow, datasets, polars, DuckDB and img2dataset is read, bytes of one length too", () =>
  assertFound("writers", {
    "fixed.parquet": table("ab", "-", "ab", undefined),
    "fixed_struct.parquet": table("ab", "c", "ab", undefined),
    "fixed_dictionary.parquet": table("ab", "c", "ab", undefined),
    "views.parquet": table("ab", "c", "ab", undefined),
    "path_first.parquet": table("ab", "c", "ab", undefined),
    "polars.parquet": table("a", "b", "a", undefined),
    "duckdb.parquet": table("a", "b", "a", "b"),
    img2dataset: {
      images: [0, 2, 3].map((n) => [`00000.parquet/${n}`, n]),
      leftOut: [NO_IMAGE],
    },
    cache: {
      images: rows("snapshots/1f2e/data/train-00000-of-00001.parquet/", "cat", "dog"),
      leftOut: ["of the split validation, which :split=validation selects"],
    },
  }));

Deno.test("a data set in Hugging Face's cache, which is a folder of links, has its splits", () =>
  withUnpacked("writers", (folder) => {
    const snapshot = `${folder}/cache/snapshots/1f2e`;
    assertEquals(findSplits(snapshot), {
      train: `${snapshot}:split=train`,
      val: `${snapshot}:split=validation`,
    });
  }));

Deno.test("zip archives of Kaggle, macOS and WinRAR, and one that unpacks itself, have their classes", () =>
  assertFound("writers", {
    "kaggle.zip": {
      images: [
        ["cats-and-dogs/training_set/training_set/cats/1.png", 0, "cats"],
        ["cats-and-dogs/training_set/training_set/dogs/2.png", 1, "dogs"],
      ],
      leftOut: ["of another split than train"],
    },
    "macos.zip": {
      images: [[`set/caf${APART}/a.png`, 0, `caf${APART}`], ["set/dog/b.png", 1, "dog"]],
      leftOut: [HIDDEN],
    },
    "named.zip": { images: [["café/a.png", 0, "café"], ["dog/b.png", 1, "dog"]] },
    "program.zip": { images: [["cat/a.png", 0, "cat"], ["dog/b.png", 1, "dog"]] },
  }));

Deno.test("lists of Windows, Excel, Kaggle and Tiny ImageNet are read, and accents as their files have them", () =>
  assertFound("writers", {
    "windows.csv": {
      images: [["pictures\\0.png", 0, "Katze; klein"], ["pictures\\1.png", 1, "Hund"]],
      leftOut: ["with / for \\"],
    },
    "excel.csv": { images: [["pictures/0.png", 0, "a"], ["pictures/1.png", 1, "b"]] },
    "kaggle.csv": { images: [["pictures/0.png", 0, "a"], ["pictures/1.png", 1, "b"]] },
    "accents.csv": {
      images: [["pictures/café.png", 2, "café"], ["pictures/0.png", 0, "b"]],
      leftOut: ["with accents taken apart, as its file has them"],
    },
    "boxes.txt": {
      images: [["pictures/0.png", 0, "a b"], ["pictures/1.png", 1, "c"]],
      leftOut: ["by the first two of its fields"],
    },
  }));

Deno.test("what stands beside images is told as what it is: a list of them, something packed", () =>
  assertFound("writers", {
    image_folder: {
      images: [["0.png", 0], ["1.png", 1]],
      leftOut: [
        "a list of images and what they show: pass it in place of its folder to read classes",
      ],
    },
    pictures: {
      images: [["0.png", 0], ["1.png", 1], [`caf${APART}.png`, 2]],
      leftOut: [".gz files are no images"],
    },
  }));

Deno.test("what is not read is refused with its cure", () =>
  assertRefused("writers", {
    saved: ".arrow files are not opened: write the images by datasets' to_parquet",
    "sequence.parquet": "its columns (images: lists) holds the bytes of one image in each row",
    "in_structs.parquet": "image: structs of image, label: 2 bytes",
    "unmarked.csv": "zero bytes, as UTF-16 without its mark does. Save it as UTF-8",
    "coco.json": "give an array of paths",
  }));
