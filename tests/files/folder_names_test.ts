import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { namesIn } from "../../src/files/folder_names.ts";
import { inTempFolder } from "../temp_folder.ts";

Deno.test("files and folders are named apart, none where there is no folder, and a file is no folder", () =>
  inTempFolder((folder) => {
    Deno.mkdirSync(join(folder, "b"));
    Deno.writeTextFileSync(join(folder, "a"), "");
    assertEquals([namesIn(folder, "files"), namesIn(folder, "folders")], [["a"], ["b"]]);
    assertEquals(namesIn(join(folder, "none"), "files"), []);
    const path = join(folder, "a");
    assertThrows(() => namesIn(path, "files"), Error, `Cannot read the folder "${path}": `);
  }));

Deno.test("a link is named as what it leads to, and one to nothing not at all", () =>
  inTempFolder((folder) => {
    Deno.mkdirSync(join(folder, "b"));
    Deno.writeTextFileSync(join(folder, "b", "file"), "");
    Deno.symlinkSync("b/file", join(folder, "to file"));
    Deno.symlinkSync("b", join(folder, "to folder"));
    Deno.symlinkSync("c", join(folder, "to nothing"));
    assertEquals(namesIn(folder, "files"), ["to file"]);
    assertEquals(namesIn(folder, "folders").sort(), ["b", "to folder"]);
  }));
