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
