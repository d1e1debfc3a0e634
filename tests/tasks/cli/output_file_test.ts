import { assertEquals, assertThrows } from "@std/assert";
import { checkWritable, checkWritableFolder } from "../../../tasks/cli/output_file.ts";
import { inTempFolder } from "../../temp_folder.ts";

Deno.test("a file that can be written is left as it is, and its folder is made", () =>
  inTempFolder((folder) => {
    const path = `${folder}/made/results.json`;
    checkWritable(path);
    assertEquals(Array.from(Deno.readDirSync(`${folder}/made`)), []);
    Deno.writeTextFileSync(path, "old");
    checkWritable(path);
    assertEquals(Deno.readTextFileSync(path), "old");
  }));

Deno.test("a folder, a file in the way of its folder and a place of the system's cannot be written", () =>
  inTempFolder((folder) => {
    Deno.mkdirSync(`${folder}/taken`);
    Deno.writeTextFileSync(`${folder}/file`, "");
    for (const path of [`${folder}/taken`, `${folder}/file/results.json`, "/proc/results.json"]) {
      assertThrows(() => checkWritable(path), Error, `Cannot write ${path}: `);
    }
  }));

Deno.test("a folder to write into is made, and left empty; a file in its place is told", () =>
  inTempFolder((folder) => {
    checkWritableFolder(`${folder}/a/b`);
    assertEquals(Array.from(Deno.readDirSync(`${folder}/a/b`)), []);
    Deno.writeTextFileSync(`${folder}/a: file`, "");
    const reasons = { [`${folder}/a: file`]: "File exists", "/proc/pictures": "No such file" };
    for (const [path, reason] of Object.entries(reasons)) {
      assertThrows(() => checkWritableFolder(path), Error, `Cannot write into ${path}: ${reason}`);
    }
  }));
