import { existsSync } from "node:fs";
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  cachePath,
  clearCache,
  touchUnpacked,
  trimUnpacked,
} from "../../../src/data/sources/cache.ts";
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

Deno.test("of unpacked archives above the limit those go that were used longest ago, but none of this week", async () => {
  await inTempFolder((folder) => {
    Deno.env.set("DEINO_CACHE", folder);
    try {
      const days = (count: number) => new Date(Date.now() - count * 24 * 3600 * 1000);
      const archives = [30, 20, 8, 6].map((age) => {
        const path = cachePath("unpacked", age, ".tar");
        Deno.writeFileSync(path, new Uint8Array(10));
        Deno.utimeSync(path, days(age), days(40));
        return path;
      });
      const left = () => archives.map((path) => existsSync(path));
      assertEquals(trimUnpacked(40), undefined);
      touchUnpacked(archives[0]);
      assertEquals(Deno.statSync(archives[0]).mtime!.getTime() < days(39).getTime(), true);
      assertStringIncludes(
        trimUnpacked(35)!,
        "Removed 0.0 GiB of unpacked shards unused for a week",
      );
      assertEquals(left(), [true, false, true, true]);
      assertStringIncludes(trimUnpacked(5)!, "deno task data index --clear removes them");
      assertEquals(left(), [true, false, false, true]);
    } finally {
      Deno.env.delete("DEINO_CACHE");
    }
  });
});

Deno.test("the cache lies where DEINO_CACHE says, else where the system keeps caches or temporary files", async () => {
  await inTempFolder((folder) => {
    const names = ["DEINO_CACHE", "XDG_CACHE_HOME", "HOME", "TMPDIR"];
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
      Deno.env.delete("HOME");
      assertEquals(found(), "/TMPDIR/deino");
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

Deno.test("unless told otherwise unpacked archives may take 100 GiB", async () => {
  await inTempFolder((folder) => {
    Deno.env.set("DEINO_CACHE", folder);
    try {
      const path = cachePath("unpacked", 1, ".tar"), old = new Date(2020, 1, 1);
      const trim = (bytes: number) => {
        Deno.writeFileSync(path, new Uint8Array());
        Deno.truncateSync(path, bytes); // nothing is written: the file is a hole
        Deno.utimeSync(path, old, old);
        return trimUnpacked();
      };
      assertEquals([trim(100 * 2 ** 30), existsSync(path)], [undefined, true]);
      const told = "Removed 100.0 GiB of unpacked shards unused for a week; 0.0 GiB are left in";
      assertStringIncludes(trim(100 * 2 ** 30 + 1)!, told);
      assertEquals(existsSync(path), false);
    } finally {
      Deno.env.delete("DEINO_CACHE");
    }
  });
});
