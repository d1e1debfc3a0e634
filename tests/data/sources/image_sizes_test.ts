import { assertEquals, assertRejects } from "@std/assert";
import { openSources } from "../../../src/data/sources/open.ts";
import { imageSizes } from "../../../src/data/sources/image_sizes.ts";
import { inTempFolder } from "../../temp_folder.ts";
import { writePng } from "../codec/write_png.ts";
import { CASES } from "./cases.ts";

Deno.test("sizes of a large source are read once, until a file changes; what cannot be read has none", async () => {
  await inTempFolder(async (folder) => {
    Deno.env.set("DEINO_CACHE", `${folder}/cache`);
    try {
      Deno.mkdirSync(`${folder}/s`);
      const write = (name: string, width: number, height: number, time: number) => {
        const bytes = writePng({ width, height, values: new Array(width * height).fill(0) });
        const padded = new Uint8Array(100_000);
        padded.set(bytes);
        Deno.writeFileSync(`${folder}/s/${name}`, padded);
        Deno.utimeSync(`${folder}/s/${name}`, time, time);
      };
      write("a.png", 3, 2, 1);
      write("b.png", 1, 5, 1);
      Deno.writeTextFileSync(`${folder}/s/c.png`, "no image");
      const sizes = async () => [
        ...await imageSizes(await openSources([`${folder}/s`]), { large: 3 }),
      ];
      assertEquals(await sizes(), [3, 2, 1, 5, 0, 0]);
      write("a.png", 4, 4, 1); // as large and as old as before
      assertEquals(await sizes(), [3, 2, 1, 5, 0, 0]);
      write("a.png", 4, 4, 2);
      assertEquals(await sizes(), [4, 4, 1, 5, 0, 0]);
    } finally {
      Deno.env.delete("DEINO_CACHE");
    }
  });
});

Deno.test("sizes are read from members and rows too, and the reading can be stopped", async () => {
  const source = `${CASES}hub_splits`;
  const sizes = await imageSizes(await openSources([source]));
  assertEquals(sizes.every((side) => side > 0), true);
  await assertRejects(
    () => openSources([{ path: source, min_size: 1 }], { signal: AbortSignal.abort("stopped") }),
  );
});
