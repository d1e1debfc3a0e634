import { assertEquals, assertRejects } from "@std/assert";
import { gzipSync } from "node:zlib";
import { gunzip, isGzip } from "../../../src/data/sources/gunzip.ts";
import { InputFile } from "../../../src/files/input_file.ts";
import { inTempFolder } from "../../temp_folder.ts";

Deno.test("an archive may grow to 64 MiB, or a hundredfold, and no further; what is damaged leaves nothing", async () => {
  await inTempFolder(async (folder) => {
    Deno.env.set("DEINO_CACHE", `${folder}/cache`);
    try {
      const path = `${folder}/a.tar.gz`;
      const unpacked = async (bytes: Uint8Array) => {
        Deno.writeFileSync(path, bytes);
        return Deno.statSync(await gunzip(path)).size;
      };
      const blanks = new Uint8Array(2 ** 26 + 1);
      assertEquals(await unpacked(gzipSync(blanks.subarray(1))), 2 ** 26);
      await assertRejects(
        () => unpacked(gzipSync(blanks)),
        Error,
        "it grows beyond 67108864 bytes",
      );
      await assertRejects(
        () => unpacked(gzipSync("abc").subarray(0, 20)),
        Error,
        "it is cut short",
      );
      assertEquals(Array.from(Deno.readDirSync(`${folder}/cache/unpacked`)).length, 1);
    } finally {
      Deno.env.delete("DEINO_CACHE");
    }
  });
});

Deno.test("gzip is known by its first two bytes, also of files that have no more", async () => {
  await inTempFolder((folder) => {
    const found = [[0x1f, 0x8b], [0x1f, 0x8b, 8], [0x1f], [0x1f, 0x8c], []].map((bytes) => {
      Deno.writeFileSync(`${folder}/f`, Uint8Array.from(bytes));
      using file = new InputFile(`${folder}/f`);
      return isGzip(file);
    });
    assertEquals(found, [true, true, false, false, false]);
  });
});

Deno.test("an archive that is unpacked already counts as used again, and what is removed to make room is told", async () => {
  await inTempFolder(async (folder) => {
    Deno.env.set("DEINO_CACHE", `${folder}/cache`);
    try {
      const path = `${folder}/a.tar.gz`, old = new Date(2020, 1, 1);
      Deno.writeFileSync(path, gzipSync("abc"));
      const notes: string[] = [];
      const open = () => gunzip(path, { onNote: (text) => notes.push(text) });
      const unpacked = await open();
      Deno.utimeSync(unpacked, old, old);
      assertEquals(await open(), unpacked);
      const { atime, mtime } = Deno.statSync(unpacked);
      assertEquals([atime! > old, mtime], [true, old]); // by its time of change its list is known
      const other = `${folder}/cache/unpacked/other.tar`;
      Deno.writeFileSync(other, new Uint8Array());
      Deno.truncateSync(other, 2 ** 37); // nothing is written: the file is a hole
      Deno.utimeSync(other, old, old);
      assertEquals(notes, []);
      Deno.writeFileSync(path, gzipSync("abcd"));
      assertEquals(await open() === unpacked, false, "an archive that changed is unpacked anew");
      assertEquals(notes.map((note) => note.slice(0, 17)), ["Removed 128.0 GiB"]);
    } finally {
      Deno.env.delete("DEINO_CACHE");
    }
  });
});
