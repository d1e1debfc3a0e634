import { assertEquals, assertNotStrictEquals } from "@std/assert";
import { type ImageFolder, locate, selectImages } from "../../../src/data/folder.ts";
import { openSources } from "../../../src/data/sources/open.ts";
import { readSample } from "../../../src/data/sources/sample.ts";
import { writeEnd, writeMember } from "../../../src/data/sources/tar_writer.ts";
import { ZipWriter } from "../../../src/files/zip/writer.ts";
import { inTempFolder } from "../../temp_folder.ts";
import { parquetFile } from "./write_parquet.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Sources of every kind, whose images hold different texts. */
function writeSources(folder: string): string[] {
  const create = (name: string) =>
    Deno.openSync(`${folder}/${name}`, { create: true, write: true });
  Deno.mkdirSync(`${folder}/files`);
  for (const name of ["a", "b"]) {
    Deno.writeTextFileSync(`${folder}/files/${name}.jpg`, `file ${name}`);
  }
  Deno.writeTextFileSync(`${folder}/list.txt`, "files\\b.jpg\nfiles/a.jpg\n");
  using tar = create("a.tar"), zip = create("a.zip");
  for (const name of ["a", "b"]) writeMember(tar, `${name}.jpg`, bytesOf(`tar ${name}`));
  writeEnd(tar);
  const archive = new ZipWriter(zip);
  for (const name of ["b", "a"]) archive.add(`${name}.jpg`, bytesOf(`zip ${name}`));
  archive.finish();
  const rows = ["row 0", "row 1", "row 2"].map(bytesOf);
  Deno.writeFileSync(`${folder}/a.parquet`, parquetFile(rows, { groupRows: 2 }));
  return ["files", "list.txt", "a.tar", "a.zip", "a.parquet"].map((name) => `${folder}/${name}`);
}

async function textsOf(images: ImageFolder): Promise<string[]> {
  const bytes = await Promise.all(images.paths.map((_, i) => readSample(locate(images, i))));
  return bytes.map((each) => new TextDecoder().decode(each));
}

Deno.test("no source holds an object for each image: where one lies is worked out when it is asked for", async () => {
  await inTempFolder(async (folder) => {
    const sources = writeSources(folder);
    const all = await openSources(sources);
    for (const images of [all, ...await Promise.all(sources.map((path) => openSources([path])))]) {
      assertEquals(Array.isArray(images.samples), false);
      assertNotStrictEquals(locate(images, 1), locate(images, 1));
      assertEquals(locate(images, 1), locate(images, 1));
    }
    const texts = ["file a", "file b", "file b", "file a", "tar a", "tar b", "zip a", "zip b"];
    texts.push("row 0", "row 1", "row 2");
    assertEquals(await textsOf(all), texts, "several sources are one table");
    const some = selectImages(selectImages(all, [10, 6, 4, 2]), [3, 0, 1]);
    assertEquals(await textsOf(some), ["file b", "row 2", "zip a"], "as is a choice of a choice");
  });
});
