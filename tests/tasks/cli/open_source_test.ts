import { assertEquals, assertRejects } from "@std/assert";
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

Deno.test("several sources are opened as one, with the options that are given; one without images is refused", () =>
  inTempFolder(async (folder) => {
    for (const name of ["a/1.npy", "b/2.npy", "b/3.png"]) {
      await Deno.mkdir(`${folder}/${name[0]}`, { recursive: true });
      await Deno.writeTextFile(`${folder}/${name}`, "");
    }
    const sources = [`${folder}/a`, `${folder}/b`];
    assertEquals((await openSource(sources, { channels: 4 })).paths, [
      "1/1.npy",
      "2/2.npy",
      "2/3.png",
    ]);
    await assertRejects(() => openSource(`${folder}/a`), Error, "Cannot find images in");
  }));
