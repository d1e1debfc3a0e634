/** Sources in other orders, dialects and packings, written by `make_variants.py`, and what is in them. */
import "../../native.ts";
import { assertEquals } from "@std/assert";
import { openImages } from "../../../src/data/sources/open.ts";
import { withUnpacked } from "./cases.ts";
import { assertFound, assertRefused, type Found } from "./numbered_images.ts";

const NOT_READ = "a link, a device or a file with holes, which is not read from archives";
const ARCHIVES =
  "archives in folders or archives of images are not opened: unpack them, or name them alone";
const HIDDEN = "hidden, or left behind by another program";
const PLAIN: Found["images"] = [["0.png", 0], ["1.png", 1], ["2.png", 2]];

const tars: Readonly<Record<string, Found>> = {
  "plain.tar": { images: PLAIN },
  "labels_first.tar": {
    images: [["3.png", 3, "1"], ["1.png", 1, "1"], ["0.png", 0, "0"], ["2.png", 2, "0"]],
  },
  "twice.tar": {
    images: [["a.png", 1, "1"], ["b.png", 2, "0"]],
    leftOut: ["a later member has the same name"],
  },
  "links.tar": {
    images: [["a.png", 0], ["b.png", 0], ["c.png", 0], ["./d.png", 0]],
    leftOut: [NOT_READ],
  },
  "names.tar": {
    images: [
      ["/abs/a.png", 0],
      ["../../up.png", 1],
      [`ä/${"ö".repeat(150)}.png`, 2],
      ["dir//b.PNG", 3],
    ],
  },
  "tars.tar": { images: [["a.png", 0]], leftOut: [ARCHIVES] },
  "appended.tar": {
    images: PLAIN,
    leftOut: [
      "data after its end mark, as when another archive was appended: repack them as one",
    ],
  },
  "blank.tar": { images: [], leftOut: ["a shard without images"] },
  "holes_gnu.tar": { images: [["a.png", 0]], leftOut: [NOT_READ] },
  "holes_pax.tar": { images: [["a.png", 0]], leftOut: [NOT_READ] },
  "parts.tar.gz": { images: PLAIN },
  "called.tar": { images: PLAIN },
  "not_packed.tar.gz": { images: PLAIN },
};

const zips: Readonly<Record<string, Found>> = {
  "splits.zip": {
    images: [["set/train/cat/0.png", 0, "cat"], ["set/train/dog/1.png", 1, "dog"]],
    leftOut: ["of another split than train"],
  },
  "splits.zip:split=val": {
    images: [["set/val/cat/2.png", 2, "cat"], ["set/val/dog/3.png", 3, "dog"]],
    leftOut: ["of another split than validation"],
  },
  "splits.zip:split=test": {
    images: [["set/test/cat/4.png", 4]],
    leftOut: ["of another split than test"],
  },
  "twice.zip": {
    images: [["a.png", 2], ["b.png", 1]],
    leftOut: ["a later member has the same name"],
  },
  "windows.zip": {
    images: [["cat/a.png", 0, "cat"], ["dog/b.png", 1, "dog"]],
    leftOut: ["with / for \\ in its members' names"],
  },
  "names.zip": { images: [["../up.png", 1], ["/abs.png", 0]], leftOut: [HIDDEN, ARCHIVES] },
  "dos.zip": { images: [["äb.png", 1], ["üb.png", 0]] },
  "large_fields.zip": { images: [["0.png", 0], ["1.png", 1]] },
  "encrypted.zip": {
    images: [["1.png", 1]],
    leftOut: ["encrypted, or packed otherwise than by deflating"],
  },
};

const parquet: Readonly<Record<string, Found>> = {
  "dictionary.parquet": { images: [["0", 0, "x"], ["1", 1, "y"], ["2", 2, "x"], ["3", 3, "y"]] },
  "lengths.parquet": { images: [["0", 0, "0"], ["1", 1, "1"], ["2", 2, "2"], ["3", 3, "3"]] },
  "large_binary.parquet": {
    images: [["0", 0, "true"], ["1", 1, "false"], ["2", 2], ["3", 3, "true"]],
  },
  "floats.PARQUET": { images: [["0", 0, "0"], ["1", 1, "1"], ["2", 2], ["3", 3, "2"]] },
  "gaps.parquet": {
    images: [["0", 0, "0"], ["4", 1]],
    leftOut: ["the row holds no image", "the file is empty"],
  },
  "several_labels.parquet:none": { images: [["0", 0], ["1", 1], ["2", 2], ["3", 3]] },
  "empty_groups.parquet": { images: [["0", 0, "0"], ["1", 1, "1"], ["2", 2, "2"]] },
};

const lists: Readonly<Record<string, Found>> = {
  "gaps.jsonl": {
    images: [["l0.png", 0], ["l1.png", 1, "a"], ["l2.png", 2], ["l3.png", 3, "true"]],
    leftOut: ["a row without a path"],
  },
  "marked.jsonl": { images: [["l0.png", 0, "ä"], ["l1.png", 1, "b"]] },
  "quoted.csv": {
    images: [["l0.png", 0, "a, b"], ["l1.png", 1, 'say "hi"'], ["l2.png", 2], [
      "l0.png",
      0,
      "a, b",
    ]],
  },
  "numbered_rows.csv": { images: [["l0.png", 0, "x"], ["l1.png", 1, "y"]] },
  "blanks.txt": {
    images: [["l0.png", 0, "0"], ["  l1.png", 1], ["./l2.png", 2, "1"]],
    leftOut: ["without the blanks around it", "no such file"],
  },
};

Deno.test("tar archives are read in any order, packing and dialect, and what is no plain file is told", async () => {
  await assertFound("variants", tars);
});

Deno.test("zip archives are read with their splits, their names by DOS and Windows, and later members", async () => {
  await assertFound("variants", zips);
});

Deno.test("tables of every type of bytes and classes are read, with gaps and empty groups", async () => {
  await assertFound("variants", parquet);
});

Deno.test("lists are read with marks, quotes, gaps and blanks", async () => {
  await assertFound("variants", lists);
});

Deno.test("what cannot be read in part is refused with its reason", async () => {
  await assertRefused("variants", {
    "cut.tar.gz": "it is cut short: the download or the writing broke off, repeat it",
    "plain.tar.bz2": "it is packed by bzip2: unpack it with bunzip2",
    "several_labels.parquet": 'a row of its column "label" is not one class but [0,1]',
    "several_images.parquet":
      "none of its columns (image: lists, label: INT64) holds the bytes of one image in each row",
    "torn.jsonl": "line 2 is not JSON",
    "by_class.json": "give an array of paths",
  });
});

Deno.test("splits are told by whole words of names, whatever their capitals", async () => {
  await withUnpacked("variants", async (variants) => {
    const folder = `${variants}/split_words`;
    const names = async (source: string) =>
      (await openImages(source)).paths.map((path) => path.split("/")[0]);
    assertEquals(await names(`${folder}:split=validation`), ["Validation-0.parquet"]);
    assertEquals(await names(`${folder}:split=test`), ["my-test-photos.parquet"]);
    assertEquals((await names(folder)).length, 3);
    const { leftOut } = await openImages(`${folder}:split=test`);
    assertEquals(leftOut!.map(({ reason }) => reason), [
      "of the split validation, which :split=validation selects",
      "its name contains no split",
    ]);
  });
});
