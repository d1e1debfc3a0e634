import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { decodedBytes } from "../../src/data/decoded_bytes.ts";
import { encodePng } from "../../src/data/codec/encode_png.ts";
import { inTempFolder } from "../temp_folder.ts";

Deno.test("the bytes of decoded images are told by headers, spread over the folder, broken ones as none", () =>
  inTempFolder(async (root) => {
    const names = Array.from({ length: 100 }, (_, i) => `${100 + i}.png`);
    for (const [i, name] of names.entries()) {
      const side = i < 50 ? 10 : 20;
      const pixels = new Uint8Array(3 * side * side);
      await Deno.writeFile(
        join(root, name),
        await encodePng({ width: side, height: side, pixels }),
      );
    }
    const folder = { root, paths: names };
    assertEquals(await decodedBytes(folder, 3), 3 * 50 * (100 + 400));
    assertEquals(await decodedBytes(folder, 2), 4 * 2 * 50 * (100 + 400));
    await Deno.writeTextFile(join(root, names[0]), "no image");
    assertEquals(await decodedBytes({ root, paths: names.slice(0, 2) }, 3), 3 * 100);
    assertEquals(await decodedBytes({ root, paths: [] }, 3), 0);
  }));
