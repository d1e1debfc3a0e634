import { assertEquals } from "@std/assert";
import { decodeImage } from "../../../src/data/codec/decode.ts";
import { encodePng } from "../../../src/data/codec/encode_png.ts";
import { readCameraOrientation } from "../../../src/data/codec/image_header.ts";
import { exifOf } from "../../../src/data/codec/orientation.ts";

Deno.test("images of 1 to 4 channels come back bit for bit", async () => {
  for (const channels of [1, 2, 3, 4]) {
    const pixels = Uint8Array.from({ length: 5 * 7 * channels }, (_, i) => 37 * i);
    const bytes = new Uint8Array(encodePng({ width: 5, height: 7, pixels }));
    const found = await decodeImage(bytes, { channels });
    assertEquals([found.width, found.height, found.pixels], [5, 7, pixels]);
  }
});

Deno.test("gray of 16 bits keeps its precision, and a camera's orientation is kept", async () => {
  const pixels = Float32Array.from({ length: 6 }, (_, i) => (1000 * i + 1) / 257);
  const bytes = new Uint8Array(encodePng({ width: 2, height: 3, pixels }, exifOf(8)));
  assertEquals((await decodeImage(bytes, { channels: 1 })).pixels, pixels);
  assertEquals(await readCameraOrientation(bytes), 8);
});
