import { assertThrows } from "@std/assert";
import { checkOutput } from "../../../tasks/visualize/output.ts";

Deno.test("pictures go beside the images or above them, and not among them", () => {
  for (const output of ["/a", "/a/data.pictures", "/a/other/data", "/b"]) {
    checkOutput(output, "/a/data");
  }
  for (const output of ["/a/data", "/a/data/", "/a/data/pictures", "/a/data/..pictures"]) {
    assertThrows(() => checkOutput(output, "/a/data"), Error, "Cannot write pictures to");
  }
});
