import { assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
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

Deno.test("a size is found behind the first 64 KiB too, and sizes of up to 999 images are read each time", async () => {
  await inTempFolder(async (folder) => {
    Deno.env.set("DEINO_CACHE", `${folder}/cache`);
    try {
      const jpeg = await Deno.readFile(new URL("../images/rgb.jpg", import.meta.url));
      const filling = Array(2).fill([0xff, 0xe2, 0xff, 0xff, ...new Uint8Array(65_533)]).flat();
      const bytes = Uint8Array.from([...jpeg.subarray(0, 2), ...filling, ...jpeg.subarray(2)]);
      await Deno.writeFile(`${folder}/a.jpg`, bytes);
      const many = (count: number) => ({ root: folder, paths: Array(count).fill("a.jpg") });
      assertEquals([...await imageSizes(many(1))], [40, 30]);
      const path = fromFileUrl(new URL("../images/rgb.png", import.meta.url));
      const padded = `${folder}/padded.png`;
      await Deno.writeFile(
        padded,
        Uint8Array.from([...Deno.readFileSync(path), ...new Uint8Array(70_000)]),
      );
      const cut = { root: "", paths: ["a"], samples: [{ path: padded, length: 2 ** 30 }] };
      assertEquals([...await imageSizes(cut)], [40, 30], "no more than its head is read");
      const kept = () => Array.from(Deno.readDirSync(`${folder}/cache/indexes`)).length;
      await imageSizes(many(1000));
      assertEquals(kept(), 1);
      await imageSizes(many(999));
      assertEquals(kept(), 1);
    } finally {
      Deno.env.delete("DEINO_CACHE");
    }
  });
});
