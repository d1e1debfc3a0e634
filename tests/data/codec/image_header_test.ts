import "../../native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { readImageHeader } from "../../../src/data/codec/image_header.ts";

const IMAGES = new URL("../images/", import.meta.url);

for (
  const [name, format] of [
    ["rgb.jpg", "JPEG"],
    ["progressive.jpg", "JPEG"],
    ["png_called.jpg", "PNG"],
    ["animated.gif", "GIF"],
    ["lzw.tif", "TIFF"],
    ["lossless.webp", "WebP"],
    ["rgb.bmp", "BMP"],
  ] as const
) {
  Deno.test(`the header of ${name} tells a ${format} of 40x30 pixels`, async () => {
    const header = await readImageHeader(await Deno.readFile(new URL(name, IMAGES)));
    assertEquals({ ...header }, { format, width: 40, height: 30 });
  });
}

Deno.test("the sizes of lossy and extended WebP files are read", async () => {
  const webp = (form: string, rest: number[]) =>
    new Uint8Array([
      ...new TextEncoder().encode(`RIFF\0\0\0\0WEBP${form}\0\0\0\0`),
      ...rest,
    ]);
  const lossy = webp("VP8 ", [0, 0, 0, 0x9d, 1, 0x2a, 40, 0x40, 30, 0x40]);
  assertEquals(await readImageHeader(lossy), { format: "WebP", width: 40, height: 30 });
  const extended = webp("VP8X", [0, 0, 0, 0, 39, 0, 0, 29, 0, 0]);
  assertEquals(await readImageHeader(extended), { format: "WebP", width: 40, height: 30 });
});

Deno.test("a GIF's frame counts where it exceeds the canvas, for it is what is unpacked", async () => {
  const gif = new Uint8Array(40);
  gif.set(new TextEncoder().encode("GIF89a"));
  gif.set([10, 0, 10, 0], 6);
  gif.set([0x21, 0xf9, 4, 0, 0, 0, 0, 0], 13); // a graphic control extension
  gif.set([0x2c, 5, 0, 0, 0, 0x30, 0x75, 4, 0], 21);
  assertEquals(await readImageHeader(gif), { format: "GIF", width: 30005, height: 10 });
});

Deno.test("a header that is cut off, empty or unknown is refused", async () => {
  const refuse = (bytes: number[], reason: string) =>
    assertRejects(() => readImageHeader(Uint8Array.from(bytes)), Error, reason);
  await refuse([], "the file is empty");
  await refuse([1, 2, 3], "not an image of a known format");
  await refuse([0xff, 0xd8, 0xff, 0xe0, 0, 9], "the JPEG header is cut off");
  await refuse([0xff, 0xd8, 0xff, 0xe0, 0, 2, 7, 7], "cut off");
  await refuse([0x42, 0x4d, ...new Array(30).fill(0)], "the BMP header says 0x0");
});

Deno.test("an AVIF is as large as the largest of its pictures, wherever it is listed", async () => {
  const box = (type: string, ...contents: number[]): number[] => [
    ...[0, 0, 0, 8 + contents.length],
    ...new TextEncoder().encode(type),
    ...contents,
  ];
  const size = (width: number, height: number) =>
    box("ispe", 0, 0, 0, 0, 0, 0, 0, width, 0, 0, 0, height);
  const avif = (...sizes: number[][]) =>
    Uint8Array.from([
      ...box("ftyp", ...new TextEncoder().encode("avif\0\0\0\0")),
      ...box("meta", 0, 0, 0, 0, ...box("iprp", ...box("ipco", ...sizes.flat()))),
    ]);
  const expected = { format: "AVIF", width: 40, height: 30 };
  for (const sizes of [[[40, 30], [10, 5]], [[10, 5], [40, 30]]]) {
    const bytes = avif(...sizes.map(([width, height]) => size(width, height)));
    assertEquals(await readImageHeader(bytes), expected);
  }
});
