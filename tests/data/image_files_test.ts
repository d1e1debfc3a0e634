import "../native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { encodePng } from "../../src/data/codec/encode_png.ts";
import { IMAGE_ENDINGS } from "../../src/data/codec/formats.ts";
import { DecodePool } from "../../src/data/decode_pool.ts";
import { ImageFiles, type ImageFilesOptions } from "../../src/data/image_files.ts";
import { bytesOf } from "./codec/pixel_table.ts";
import { inTempFolder } from "../temp_folder.ts";

/** The endings of files of these contents, whatever they are called, or why they cannot be read. */
async function endings(contents: readonly Uint8Array[], options?: ImageFilesOptions) {
  const found: string[] = [];
  await inTempFolder(async (root) => {
    const paths = contents.map((_, i) => `${i}.any`);
    for (const [i, bytes] of contents.entries()) await Deno.writeFile(`${root}/${i}.any`, bytes);
    using files = new ImageFiles({ root, paths }, options);
    for (const _ of paths) {
      const file = await files.next();
      found.push("reason" in file ? file.reason : file.ending);
    }
  });
  return found;
}

Deno.test("a file is given the usual ending of what it is, by which it is taken for an image again", async () => {
  const names = ["RGB.jpg", "rgb8.png", "plain.gif", "L.tif", "icc.webp", "rle8.bmp", "P4.pbm"];
  const found = await endings([...names, "RGB_444.avif", "RGB.jp2", "bare.j2k"].map(bytesOf));
  const usual = "jpg png gif tif webp bmp ppm avif jp2 jp2";
  assertEquals(found.join(" "), usual);
  assertEquals(found.filter((ending) => !IMAGE_ENDINGS.has(`.${ending}`)), []);
});

Deno.test("resized files are what they were, or PNG; what is no image is told, resized or not", async () => {
  const files = [bytesOf("RGB.jpg"), bytesOf("rle8.bmp"), Uint8Array.of(1, 2, 3)];
  const reason = "not an image of a known format";
  assertEquals(await endings(files, { shortSide: 5, workers: 1 }), ["jpg", "png", reason]);
  assertEquals(await endings(files, { shortSide: 5, channels: 1 }), ["jpg", "png", reason]);
  assertEquals(await endings(files), ["jpg", "bmp", reason]);
});

Deno.test("threads are given 64 images ahead, and there are none where nothing is resized in colour", async () => {
  const { shrink } = DecodePool.prototype;
  let given = 0;
  DecodePool.prototype.shrink = () => {
    given++;
    const pixels = new Uint8Array(3);
    return Promise.resolve({ bytes: new Uint8Array(encodePng({ width: 1, height: 1, pixels })) });
  };
  try {
    const folder = { root: "", paths: Array.from({ length: 70 }, (_, i) => `${i}.png`) };
    using files = new ImageFiles(folder, { shortSide: 5, workers: 1 });
    await files.next();
    assertEquals(given, 64);
    for (let i = 1; i < 70; i++) await files.next();
    assertEquals(given, 70);
  } finally {
    DecodePool.prototype.shrink = shrink;
  }
  const folder = { root: "", paths: [] };
  assertThrows(() => new ImageFiles(folder, { shortSide: 5, workers: 0 }), RangeError, "0 workers");
  for (const options of [{}, { shortSide: 5, channels: 1 }]) {
    using _files = new ImageFiles(folder, { ...options, workers: 0 }); // which nobody starts
  }
});
