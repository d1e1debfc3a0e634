import { assertEquals, assertRejects } from "@std/assert";
import { gzipSync } from "node:zlib";
import type { ZipEntry } from "../../../src/files/zip/format.ts";
import { readSample } from "../../../src/data/sources/sample.ts";
import { inTempFolder } from "../../temp_folder.ts";

Deno.test("an image is a file, or some bytes of one, unpacked where they are gzipped", () =>
  inTempFolder(async (folder) => {
    const path = `${folder}/f`, packed = `${folder}/p`;
    Deno.writeTextFileSync(path, "abcdef");
    Deno.writeFileSync(packed, gzipSync("unpacked"));
    const text = async (part: object, from = path) =>
      new TextDecoder().decode(await readSample({ path: from, ...part }));
    assertEquals(
      await Promise.all([text({}), text({ offset: 2, length: 3 }), text({ length: 2 })]),
      [
        "abcdef",
        "cde",
        "ab",
      ],
    );
    assertEquals(await text({}, packed), "unpacked");
    await assertRejects(() => text({ offset: 4, length: 3 }), Error, "its file ends after 6 bytes");
    await assertRejects(
      () => text({ length: 2 ** 30 + 1 }),
      Error,
      "the file has 1073741825 bytes",
    );
    await assertRejects(() => text({}, `${folder}/none`), Error, "the file is gone");
    await assertRejects(() => text({}, folder), Error, "not a regular file");
  }));

Deno.test("a member of a zip archive that says it has more than a gibibyte is refused unread", async () => {
  const entry = { size: 2 ** 30 + 1 } as ZipEntry;
  const read = () => readSample({ path: "/nowhere.zip", entry });
  await assertRejects(read, Error, "the file has 1073741825 bytes");
});
