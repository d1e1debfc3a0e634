import { assertEquals, assertStringIncludes } from "@std/assert";
import { standIn } from "../../src/files/stand_in.ts";

/** How files begin that lie in the place of others, by the tools that make them. */
const BEGINNINGS: Record<string, string> = {
  "version https://git-lfs.github.com/spec/v1\noid sha256:": "git lfs pull",
  "<!DOCTYPE html>": "a web page",
  "\xef\xbb\xbf \n<html lang=en>": "a web page",
  "<HEAD>": "a web page",
  "<?xml version": "a web page",
  "<!-- saved": "a web page",
  "BZh91AY&SY": "bunzip2",
  "BZh1": "bunzip2",
  "\xfd7zXZ\0": "unxz",
  "\x28\xb5\x2f\xfd": "unzstd",
};

Deno.test("what a clone, a download or a packer left is known by how it begins, with its cure", () => {
  for (const [begin, cure] of Object.entries(BEGINNINGS)) {
    assertStringIncludes(standIn(begin) ?? "nothing", cure, begin);
  }
});

Deno.test("other files are not taken for it", () => {
  for (
    const begin of ["", "BZh0", "BZ", "7zXZ", "<svg", "a version https://git-lfs", "PK\x03\x04"]
  ) {
    assertEquals(standIn(begin), undefined, begin);
  }
});
