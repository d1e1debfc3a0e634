import { assertEquals, assertThrows } from "@std/assert";
import { encodeHex } from "@std/encoding";
import { join } from "@std/path";
import { hashFile } from "../../src/files/hash_file.ts";
import { inTempFolder } from "../temp_folder.ts";

Deno.test("a file's hash is that of all its bytes", async () => {
  await inTempFolder(async (folder) => {
    const path = join(folder, "f");
    const content = Uint8Array.from({ length: 2 ** 20 + 7 }, (_, i) => i % 251);
    Deno.writeFileSync(path, content);
    assertEquals(hashFile(path), encodeHex(await crypto.subtle.digest("SHA-256", content)));
  });
});

Deno.test("a file that is not there is told by name", () => {
  assertThrows(() => hashFile("/nowhere/f"), Error, 'Cannot read "/nowhere/f"');
});
