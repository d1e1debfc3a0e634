import "../../native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { decodeImage } from "../../../src/data/codec/decode.ts";
import { bytesOf } from "./pixel_table.ts";

/** A sequence of 40 x 24 pixels that states another size. */
function stating(width: number, height: number): Uint8Array<ArrayBuffer> {
  const bytes = bytesOf("animated.avif");
  const at = String.fromCharCode(...bytes).indexOf("ispe");
  const view = new DataView(bytes.buffer, at + 8); // past the version and flags
  view.setUint32(0, width);
  view.setUint32(4, height);
  return bytes;
}

Deno.test("a picture that is wider or higher than it states is refused", async () => {
  const { width, height } = await decodeImage(stating(40, 24));
  assertEquals([width, height], [40, 24]);
  for (const [width, height] of [[20, 24], [40, 12], [40, 23]]) {
    await assertRejects(() => decodeImage(stating(width, height)), Error, "larger than it states");
  }
});

/** A file that does not tell the depth of its samples: the property has an unknown name. */
function withoutDepths(name: string): Uint8Array<ArrayBuffer> {
  const bytes = bytesOf(name);
  for (let at = 0; at + 4 < bytes.length; at++) {
    if (new TextDecoder("latin1").decode(bytes.subarray(at, at + 4)) === "pixi") bytes[at] = 0x78;
  }
  return bytes;
}

Deno.test("files that do not tell the depth of their samples, as old ones of libheif, are read as by Pillow", async () => {
  for (
    const name of ["RGB_420.avif", "RGBA_444.avif", "L_422.avif", "bits10.avif", "bits12.avif"]
  ) {
    const [found, expected] = await Promise.all(
      [withoutDepths(name), bytesOf(name)].map((bytes) => decodeImage(bytes, { channels: 4 })),
    );
    assertEquals(found, expected, name);
  }
});
