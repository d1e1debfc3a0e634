import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { isFile, isFolder } from "../../src/files/is_file.ts";
import { inTempFolder } from "../temp_folder.ts";

Deno.test("files and folders are told apart, links are what they lead to, and nothing is neither", () =>
  inTempFolder((folder) => {
    Deno.mkdirSync(join(folder, "folder"));
    Deno.writeTextFileSync(join(folder, "file"), "");
    for (const name of ["file", "folder", "nothing"]) {
      Deno.symlinkSync(name, join(folder, `to ${name}`));
    }
    const names = ["file", "to file", "folder", "to folder", "nothing", "to nothing", "file/in it"];
    const found = names.map((name) => join(folder, name));
    assertEquals(found.map(isFile), [true, true, false, false, false, false, false]);
    assertEquals(found.map(isFolder), [false, false, true, true, false, false, false]);
  }));
