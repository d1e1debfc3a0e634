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

Deno.test("a row group of twice the bytes of a run is whole, a larger one is divided", async () => {
  let divided = 0;
  for (const { name } of Deno.readDirSync(`${CASES}parquet_codecs`)) {
    if (name === "no-rows.parquet") continue;
    using file = await ParquetFile.open(`${CASES}parquet_codecs/${name}`);
    const count = async (run?: number) => (await file.groups("image", run)).length;
    const sizes = file.metadata.row_groups.map(({ columns }) =>
      columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === "image")!.meta_data!
    ).map((meta) => Number(meta.total_uncompressed_size));
    const whole = await count();
    assertEquals(whole, sizes.length, "16 MiB are in no group");
    assertEquals(await count(Math.max(...sizes) / 2), whole);
    if (await count(1) > whole && await count((Math.max(...sizes) - 1) / 2) > whole) divided++;
  }
  assert(divided > 0, "no row group was divided");
});

Deno.test("pages are unpacked together up to the bytes of a run, those with a dictionary apart from those without", async () => {
  const rows = async (name: string, run: number) => {
    using file = await ParquetFile.open(`${CASES}parquet_codecs/${name}.parquet`);
    return (await file.groups("image", run)).map(({ begin, end }) => `${begin}-${end}`).join(" ");
  };
  for (const name of ["many-pages-v1", "many-pages-v2"]) { // five pages of 400 to 510 bytes
    assertEquals(await rows(name, 1), "0-3 3-5 5-8 8-11 11-12");
    assertEquals(await rows(name, 600), "0-5 5-11 11-12");
    assertEquals(await rows(name, 1500), "0-11 11-12");
  }
  assertEquals(await rows("dictionary-gives-up", 1), "0-11 11-12");
  assertEquals(await rows("dictionary-gives-up", 1700), "0-11 11-12");
});
