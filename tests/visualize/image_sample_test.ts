import "../native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { scanImageFolder } from "../../src/data/sources/folder.ts";
import { readImages, spreadOver } from "../../src/visualize/image_sample.ts";
import { bytesOf } from "../data/codec/pixel_table.ts";
import { inTempFolder } from "../temp_folder.ts";

Deno.test("images are chosen evenly over a folder, one first if asked for", () => {
  const folder = { root: "r", paths: ["a", "b", "c", "d", "e", "f"] };
  assertEquals(spreadOver(folder, 1), ["a"]);
  assertEquals(spreadOver(folder, 3), ["a", "c", "e"]);
  assertEquals(spreadOver(folder, 9), folder.paths);
  assertEquals(spreadOver({ root: "r", paths: ["a", "b", "c", "d", "e", "f", "g"] }, 3), [
    "a",
    "c",
    "e",
  ]);
  assertEquals(spreadOver(folder, 3, { first: "c" }), ["c", "a", "e"]);
  assertEquals(spreadOver(folder, 3, { first: "d" }), ["d", "a", "c"]);
});

Deno.test("no images, half of one and one that the folder lacks cannot be shown", () => {
  const folder = { root: "photos", paths: ["cat/1.png", "dog/1.png"] };
  for (const count of [0, -1, 1.5, NaN]) {
    assertThrows(
      () => spreadOver(folder, count),
      RangeError,
      `Cannot show ${count} images: give a whole number from 1`,
    );
  }
  assertThrows(
    () => spreadOver(folder, 1, { first: "dig/1.png" }),
    RangeError,
    'Cannot find the image "dig/1.png" in photos: did you mean "dog/1.png"?',
  );
});

Deno.test("images come in the order asked for, turned and in the channels asked for; broken and damaged ones are told", () =>
  inTempFolder(async (root) => {
    for (const name of ["rotated_by_exif.jpg", "rgb.png", "gray.jpg"]) {
      await Deno.copyFile(new URL(`../data/images/${name}`, import.meta.url), join(root, name));
    }
    await Deno.writeFile(join(root, "damaged.png"), bytesOf("checksum_rgb.png"));
    const names = Array.from({ length: 20 }, () => "rgb.png");
    await Deno.writeTextFile(join(root, "bad.png"), "no image");
    const folder = await scanImageFolder(root);
    const notes: string[] = [];
    const asked = ["rotated_by_exif.jpg", "bad.png", "gray.jpg", "damaged.png", ...names];
    const { images, brokenFiles } = await readImages(folder, asked, {
      ...{ channels: 1, exif: "apply" },
      onNote: (note) => notes.push(note),
    });
    assertEquals(images.map(({ path }) => path), asked.toSpliced(1, 1));
    const [{ image }] = images;
    assertEquals([image.width, image.height, image.pixels.length], [30, 40, 1200]);
    assertEquals(brokenFiles, [{
      path: join(root, "bad.png"),
      reason: "not an image of a known format",
    }]);
    assertEquals(notes.map((note) => note.split(" ")[0]), ["damaged.png"]);
    const usual = (await readImages(folder, ["rotated_by_exif.jpg"])).images[0].image;
    assertEquals([usual.width, usual.height, usual.pixels.length], [40, 30, 3600]);
  }));
