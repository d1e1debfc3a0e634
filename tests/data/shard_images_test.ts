import { assertEquals, assertRejects } from "@std/assert";
import { shardImages } from "../../src/data/shard_images.ts";
import { openImages } from "../../src/data/sources/open.ts";
import { inTempFolder } from "../temp_folder.ts";
import { listed, unpack } from "./sources/cases.ts";

Deno.test("shards hold the images of their source, byte by byte and class by class, in order", async () => {
  await inTempFolder(async (folder) => {
    const source = `${await unpack("links", folder)}/data`;
    const done: number[] = [];
    const images = await openImages(source);
    const { shards, skipped } = await shardImages(images, `${folder}/out`, {
      imagesPerShard: 4,
      onProgress: (count) => done.push(count),
    });
    assertEquals([shards.length, skipped, done.at(-1)], [3, [], 10]);
    const hashes = async (data: string, label?: string) =>
      (await listed(data, { label })).images.map((image) => [image.sha256, image.class]);
    assertEquals(await hashes(`${folder}/out`, "json.class"), await hashes(source));
    const numbered = await openImages(`${folder}/out`);
    assertEquals([...numbered.labels!], [...images.labels!]);
    await assertRejects(() => shardImages(images, `${folder}/out`), Error, "it already holds 0000");
  });
});

Deno.test("a file that is no image is skipped by name, and no half shard is left", async () => {
  await inTempFolder(async (folder) => {
    const source = `${await unpack("links", folder)}/data`;
    await Deno.writeTextFile(`${source}/10/bad.jpg`, "no image");
    const { images, skipped } = await shardImages(await openImages(source), `${folder}/out`);
    assertEquals([images, skipped.map(({ path }) => path)], [10, ["10/bad.jpg"]]);
    assertEquals(Array.from(Deno.readDirSync(`${folder}/out`), ({ name }) => name), ["00000.tar"]);
  });
});
