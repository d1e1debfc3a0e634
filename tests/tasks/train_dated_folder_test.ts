import { assertEquals } from "@std/assert";
import { basename } from "@std/path";
import { makeDatedFolder } from "../../tasks/train/dated_folder.ts";
import { inTempFolder } from "../temp_folder.ts";

Deno.test("runs that begin in one second have folders of their own", () =>
  inTempFolder((folder) => {
    const before = Deno.cwd();
    Deno.chdir(folder);
    try {
      const now = new Date(Date.UTC(2026, 10, 23, 9, 30));
      const names = Array.from({ length: 3 }, () => basename(makeDatedFolder(now)));
      assertEquals(names, [
        "2026-11-23_09-30-00",
        "2026-11-23_09-30-00_2",
        "2026-11-23_09-30-00_3",
      ]);
      assertEquals(Array.from(Deno.readDirSync("runs"), ({ name }) => name).sort(), names);
    } finally {
      Deno.chdir(before);
    }
  }));
