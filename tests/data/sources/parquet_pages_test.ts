import { assert, assertEquals } from "@std/assert";
import { ParquetFile } from "../../../src/data/sources/parquet_file.ts";
import { CASES } from "./cases.ts";

Deno.test("the pages of a large row group are unpacked by themselves, with the dictionary that they refer to", async () => {
  let divided = 0;
  for (const { name } of Deno.readDirSync(`${CASES}parquet_codecs`)) {
    using file = await ParquetFile.open(`${CASES}parquet_codecs/${name}`);
    const whole = await file.groups("image");
    const groups = await file.groups("image", 1);
    for (const { begin, end, pages } of groups) {
      if (pages === undefined) continue;
      const rows = await file.values("image", begin, end) as { bytes: Uint8Array }[];
      const images = await file.images("image", begin, end, pages);
      assertEquals(images, rows.map(({ bytes }) => bytes), name);
    }
    assertEquals(groups.at(-1)?.end, whole.at(-1)?.end, name);
    divided += groups.length - whole.length;
  }
  assert(divided > 0, "no row group was divided");
});
