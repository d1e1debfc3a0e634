import "../../native.ts";
import { assertEquals } from "@std/assert";
import { decodeMutants, formats } from "../../fuzz/image_mutants.ts";

for (const format of formats) {
  Deno.test(`40 damaged ${format} files decode, or are refused in words`, async () => {
    const { decoded, refused, faults } = await decodeMutants(format, 40, 1);
    assertEquals(faults, []);
    assertEquals(decoded + refused, 40);
  });
}
