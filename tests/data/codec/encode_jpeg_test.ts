import "../../native.ts";
import { assert, assertEquals } from "@std/assert";
import { decodeImage } from "../../../src/data/codec/decode.ts";
import { encodeJpeg } from "../../../src/data/codec/encode_jpeg.ts";

Deno.test("colours and grays come back within two levels, side by side colours too", async () => {
  for (const channels of [1, 3]) {
    const colours = channels === 1 ? [[10], [200]] : [[250, 20, 30], [20, 40, 240]];
    const pixels = Uint8Array.from({ length: 16 * 16 }, (_, i) => i % 16 < 8 ? 0 : 1);
    const values = Uint8Array.from([...pixels].flatMap((side) => colours[side]));
    const bytes = new Uint8Array(await encodeJpeg({ width: 16, height: 16, pixels: values }));
    const found = await decodeImage(bytes, { channels });
    assertEquals(found.pixels.length, values.length);
    assert(found.pixels.every((value, i) => Math.abs(value - values[i]) <= 2));
  }
});
