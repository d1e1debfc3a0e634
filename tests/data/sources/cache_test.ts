import { assertEquals } from "@std/assert";
import { cachePath, clearCache } from "../../../src/data/sources/cache.ts";
import { inTempFolder } from "../../temp_folder.ts";

Deno.test("clearing the cache removes lists and unpacked archives, half-written ones too, and nothing else", async () => {
  await inTempFolder((folder) => {
    Deno.env.set("DEINO_CACHE", folder);
    try {
      assertEquals(clearCache(), 0);
      const list = cachePath("indexes", "a", ".json"), archive = cachePath("unpacked", "a", ".tar");
      for (const path of [list, archive, `${archive}.01234567.partial`, `${folder}/mine`]) {
        Deno.writeFileSync(path, new Uint8Array(10));
      }
      assertEquals(clearCache(), 30);
      const left = ["", "indexes", "unpacked"].map((name) =>
        Array.from(Deno.readDirSync(`${folder}/${name}`), ({ name }) => name).sort()
      );
      assertEquals(left, [["indexes", "mine", "unpacked"], [], []]);
    } finally {
      Deno.env.delete("DEINO_CACHE");
    }
  });
});
