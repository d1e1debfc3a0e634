import { assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { fingerprint } from "../../src/data/fingerprint.ts";
import { inTempFolder } from "../temp_folder.ts";

Deno.test("a folder's fingerprint changes with its files, not with its place", async () => {
  await inTempFolder(async (temp) => {
    const time = new Date(1e12);
    const make = (name: string, content: string) => {
      const root = join(temp, name);
      Deno.mkdirSync(root);
      Deno.writeTextFileSync(join(root, "a.png"), content);
      Deno.utimeSync(join(root, "a.png"), time, time);
      return { root, paths: ["a.png"] };
    };
    const [folder, moved, longer] = [make("1", "ab"), make("2", "ab"), make("3", "abc")];
    const before = fingerprint(folder);
    assertEquals(fingerprint(moved), before);
    assertNotEquals(fingerprint(longer), before);
    assertNotEquals(fingerprint({ ...folder, paths: ["a.png", "gone.png"] }), before);
    await Deno.utime(join(folder.root, "a.png"), time, new Date(2e12));
    assertNotEquals(fingerprint(folder), before);
  });
});
