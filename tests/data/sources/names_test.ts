import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  endingOf,
  imageEndings,
  isHidden,
  isShard,
  whyNoImage,
} from "../../../src/data/sources/names.ts";

Deno.test("an ending begins at the last dot of the last name, unless that begins the name", () => {
  const names = ["a/b.JPG", "a.b/c", "a/.png", "a.tar.gz", "a.", ".png", "x.y"];
  assertEquals(names.map(endingOf), [".jpg", "", "", ".gz", ".", "", ".y"]);
});

Deno.test("arrays of NumPy are images of other channels than three", () => {
  assertEquals([1, 3, 4].map((channels) => imageEndings(channels).has(".npy")), [
    true,
    false,
    true,
  ]);
  assertEquals([imageEndings().has(".npy"), imageEndings(1).has(".jpg")], [false, true]);
});

Deno.test("what looks like an image and cannot be read is lost, whatever else is expected", () => {
  const lost: Record<string, string> = { "a.npy": "data.channels is not 3" };
  const endings =
    "pfm pam heic heif jxl psd svg ico tga exr hdr dng cr2 cr3 nef arw orf rw2 raw dcm dicom nii xcf pcx";
  for (const ending of endings.split(" ")) {
    lost[`a.${ending.toUpperCase()}`] = `.${ending} files cannot be decoded: convert them to PNG`;
  }
  for (const ending of ["tar", "tar.gz", "tgz", "parquet", "zip", "ZIP"]) {
    assert(isShard(`a.${ending}`), ending);
    lost[`a.${ending}`] = "unpack them, or name them alone";
  }
  for (const ending of ["tar.bz2", "TAR.zst", "tbz", "tbz2", "txz", "tzst", "7z", "rar"]) {
    assert(!isShard(`a.${ending}`), ending);
    lost[`a.${ending}`] = "archives of this kind are not opened: unpack them";
  }
  for (const ending of "tfrecord tfrecords rec lmdb mdb beton h5 hdf5 mat".split(" ")) {
    lost[`a.${ending}`] = `.${ending} files are not opened: write the images as files`;
  }
  lost["a.arrow"] = "write the images by datasets' to_parquet";
  for (const name of ["metadata.csv", "a/metadata.jsonl"]) {
    lost[name] = "pass it in place of its folder";
  }
  for (const [name, reason] of Object.entries(lost)) {
    const why = whyNoImage(name);
    assertEquals(why.kind, "lost", name);
    assertStringIncludes(why.reason, reason);
  }
  assertEquals(whyNoImage("README"), {
    reason: "files without an ending are no images",
    kind: "expected",
  });
  assertEquals(whyNoImage("my_metadata.csv").kind, "expected");
  assertEquals(whyNoImage("a.txt"), { reason: ".txt files are no images", kind: "expected" });
  assertEquals(["a.gz", "tar", "a.zipped"].map(isShard), [false, false, false]);
});

Deno.test("hidden files, and what systems leave in folders, are no images", () => {
  const hidden = [".a.png", "__MACOSX", "@eaDir", "__index__", "__meta__", "$RECYCLE.BIN"];
  assertEquals(hidden.map(isHidden), hidden.map(() => true));
  assertEquals([".", "..", "a.png", "macosx"].map(isHidden), [false, false, false, false]);
});
