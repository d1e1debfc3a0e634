import "../native.ts";
import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { reportOn } from "../../src/data/report.ts";
import { scanImageFolder } from "../../src/data/sources/folder.ts";
import { inTempFolder } from "../temp_folder.ts";

const IMAGES = fromFileUrl(new URL("images/", import.meta.url));

Deno.test("a report names the images that lie otherwise than their EXIF data say", async () => {
  await inTempFolder(async (root) => {
    for (const name of ["rotated_by_exif.jpg", "rgb.jpg", "rgb.png", "lzw.tif"]) {
      await Deno.copyFile(join(IMAGES, name), join(root, name));
    }
    const { turned, images, unreadable } = await reportOn(await scanImageFolder(root), {
      workers: 1,
    });
    assertEquals([turned, images, unreadable], [["rotated_by_exif.jpg"], 4, []]);
  });
});
