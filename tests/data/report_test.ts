import "../native.ts";
import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { reportOn } from "../../src/data/report.ts";
import { scanImageFolder } from "../../src/data/sources/folder.ts";
import { inTempFolder } from "../temp_folder.ts";
import { bytesOf } from "./codec/pixel_table.ts";

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

Deno.test("a report counts formats, bytes and sizes, and names what is broken and what is there twice", async () => {
  await inTempFolder(async (root) => {
    const names = ["rgb.jpg", "rgb.png", "one_pixel.png", "wide.png", "cut_off.png", "text.jpg"];
    for (const name of names) await Deno.copyFile(join(IMAGES, name), join(root, name));
    await Deno.copyFile(join(IMAGES, "rgb.jpg"), join(root, "same.jpg"));
    const done: number[] = [];
    const onProgress = (count: number) => done.push(count);
    const report = await reportOn(await scanImageFolder(root), { workers: 1, onProgress });
    assertEquals(report.formats, { JPEG: 2, PNG: 4 });
    assertEquals([report.width, report.height], [
      { min: 1, median: 40, max: 12_000 },
      { min: 1, median: 30, max: 30 },
    ]);
    const readable = [...names.slice(0, 5), "rgb.jpg"]; // a header can be read, or is not there
    const sizes = readable.map((name) => Deno.statSync(join(IMAGES, name)).size);
    assertEquals(report.bytes, sizes.reduce((a, b) => a + b));
    assertEquals(report.unreadable.map(({ path }) => path).sort(), ["cut_off.png", "text.jpg"]);
    assertEquals(report.duplicates, [["rgb.jpg", "same.jpg"]]);
    assertEquals([done[0], done.at(-1), report.left_out], [1, 14, []]);
  });
});

Deno.test("a report names a file with a wrong checksum and one with further pages, and counts others of the kind", async () => {
  await inTempFolder(async (root) => {
    for (const name of ["checksum_gray.png", "checksum_rgb.png", "pages.tif", "rgb8.png"]) {
      await Deno.writeFile(join(root, name), bytesOf(name));
    }
    const { notes, unreadable } = await reportOn(await scanImageFolder(root), { workers: 1 });
    assertEquals(notes, [
      "checksum_gray.png was read, but the PNG is damaged (checksum of IDAT)",
      "pages.tif was read, but its further pages were not",
      "1 more file is like checksum_gray.png",
    ]);
    assertEquals(unreadable, []);
  });
});
