import { assertEquals } from "@std/assert";
import { openSource } from "../../../tasks/cli/open_source.ts";
import { inTempFolder } from "../../temp_folder.ts";
import { captured } from "../captured.ts";

Deno.test("what looks like an image and is left out is told, what nobody would miss is not", () =>
  inTempFolder(async (folder) => {
    for (const name of ["a.png", ".hidden.png", "notes.txt", "photo.heic"]) {
      await Deno.writeTextFile(`${folder}/${name}`, "");
    }
    const { error } = await captured(() => openSource(folder));
    assertEquals(error.trim().split("\n").length, 1);
    assertEquals(error.includes("photo.heic"), true);
  }));
