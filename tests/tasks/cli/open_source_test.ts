import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { gzipSync } from "node:zlib";
import { openSource } from "../../../tasks/cli/open_source.ts";
import { CASES } from "../../data/sources/cases.ts";
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

Deno.test("while a source is listed a terminal shows how far, of which only what its cache tells stays", () =>
  inTempFolder(async (folder) => {
    const before = Deno.env.get("DEINO_CACHE"),
      { isTerminal } = Deno.stderr,
      { consoleSize } = Deno;
    Deno.env.set("DEINO_CACHE", folder);
    Deno.stderr.isTerminal = () => true;
    Deno.consoleSize = () => ({ columns: 80, rows: 40 });
    try {
      const kept = `${folder}/unpacked/old.tar`, old = new Date(2020, 1, 1);
      await Deno.mkdir(`${folder}/unpacked`);
      await Deno.writeFile(kept, new Uint8Array());
      await Deno.truncate(kept, 101 * 2 ** 30); // a hole, which takes no room
      await Deno.utime(kept, old, old);
      const shard = await Deno.readFile(`${CASES}capital_endings/camera.tar`);
      await Deno.writeFile(`${folder}/a.tar.gz`, gzipSync(shard));
      const { error } = await captured(() => openSource(`${folder}/a.tar.gz`));
      const clear = "\r\x1b[2K", parts = error.split(clear);
      assertEquals(parts.slice(0, 2), ["", "list 0 names"]);
      assertMatch(parts[2], /^Removed 101.0 GiB of unpacked shards .*\n$/);
      await Deno.writeFile(`${folder}/b.tar.gz`, gzipSync(shard));
      const alone = await captured(() => openSource(`${folder}/b.tar.gz`));
      assertEquals(alone.error.split(clear), ["", "list 0 names", ""], "the status is cleared");
      await assertRejects(() => openSource(`${folder}/none.tar`), Error);
    } finally {
      Object.assign(Deno, { consoleSize });
      Deno.stderr.isTerminal = isTerminal;
      if (before === undefined) Deno.env.delete("DEINO_CACHE");
      else Deno.env.set("DEINO_CACHE", before);
    }
  }));
