import { assertEquals, assertThrows } from "@std/assert";
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

Deno.test("the cache lies where DEINO_CACHE says, else where the system keeps caches", async () => {
  await inTempFolder((folder) => {
    const names = ["DEINO_CACHE", "XDG_CACHE_HOME", "HOME"];
    const before = names.map((name) => Deno.env.get(name));
    try {
      names.forEach((name) => Deno.env.set(name, `${folder}/${name}`));
      const found = () =>
        cachePath("indexes", [1], ".x").slice(folder.length).split("/indexes/")[0];
      assertEquals(found(), "/DEINO_CACHE");
      Deno.env.set("DEINO_CACHE", "");
      assertEquals(found(), "/XDG_CACHE_HOME/deino");
      Deno.env.delete("XDG_CACHE_HOME");
      assertEquals(found(), "/HOME/.cache/deino");
      const path = cachePath("unpacked", [1], ".tar");
      assertEquals(path.endsWith(".tar") && path !== cachePath("unpacked", [2], ".tar"), true);
      Deno.writeTextFileSync(`${folder}/file`, "");
      Deno.env.set("DEINO_CACHE", `${folder}/file`);
      assertThrows(() => cachePath("indexes", 1, ""), Error, "Set DEINO_CACHE to a folder");
    } finally {
      names.forEach((name, i) =>
        before[i] === undefined ? Deno.env.delete(name) : Deno.env.set(name, before[i])
      );
    }
  });
});
