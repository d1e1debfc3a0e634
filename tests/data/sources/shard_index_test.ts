import { assertEquals } from "@std/assert";
import { type ImageFolder, locate } from "../../../src/data/folder.ts";
import { LeftOutAccount } from "../../../src/data/sources/left_out.ts";
import { NameList } from "../../../src/data/sources/name_list.ts";
import { openImages } from "../../../src/data/sources/open.ts";
import { indexShard } from "../../../src/data/sources/shard_index.ts";
import { writeEnd, writeMember } from "../../../src/data/sources/tar_writer.ts";
import { textColumn } from "../../../src/data/sources/text_column.ts";
import { inTempFolder } from "../../temp_folder.ts";

const LONG_AGO = new Date(2020, 1, 1), LATER = new Date(2021, 1, 1);

/** What a shard without images gives. */
const NONE = { names: new NameList(), places: {}, labels: textColumn([]) };

/** Runs the body with an empty folder and a cache of its own. */
async function withCache(body: (folder: string, cache: string) => Promise<void>): Promise<void> {
  await inTempFolder(async (folder) => {
    Deno.env.set("DEINO_CACHE", `${folder}/cache`);
    try {
      await body(folder, `${folder}/cache`);
    } finally {
      Deno.env.delete("DEINO_CACHE");
    }
  });
}

/** Writes a shard of members of 1 MiB with their classes, that changed long ago. */
function writeShard(path: string, names: string[], changed = LONG_AGO): void {
  using file = Deno.openSync(path, { create: true, write: true, truncate: true });
  for (const [label, name] of names.entries()) {
    writeMember(file, `${name}.jpg`, new Uint8Array(2 ** 20));
    writeMember(file, `${name}.cls`, new TextEncoder().encode(String(label)));
    writeMember(file, `${name}.heic`, new Uint8Array(1));
  }
  writeEnd(file);
  Deno.utimeSync(path, changed, changed);
}

Deno.test("a large shard's list is kept until its size or time changes, with labels and what is left out", async () => {
  await withCache(async (folder, cache) => {
    const shard = `${folder}/a.tar`;
    writeShard(shard, ["x", "y"]);
    const read = await openImages(shard);
    assertEquals(Array.from(Deno.readDirSync(`${cache}/indexes`)).length, 1);
    writeShard(shard, ["v", "w"]); // as large and as old as before
    const kept = await openImages(shard);
    const places = (images: ImageFolder) => [0, 1].map((index) => locate(images, index));
    assertEquals([kept, places(kept)], [read, places(read)], "the list is the one that was kept");
    assertEquals([read.paths, [...read.labels!]], [["a.tar/x.jpg", "a.tar/y.jpg"], [0, 1]]);
    assertEquals(read.leftOut!.map(({ count }) => count), [2]);
    Deno.utimeSync(shard, LATER, LATER);
    assertEquals((await openImages(shard)).paths, ["a.tar/v.jpg", "a.tar/w.jpg"]);
    writeShard(shard, ["x"], LATER);
    assertEquals((await openImages(shard)).paths, ["a.tar/x.jpg"]);
  });
});

Deno.test("a list is one of what was asked for: labels from another member give another", async () => {
  await withCache(async (folder) => {
    writeShard(`${folder}/a.tar`, ["x", "y"]);
    assertEquals((await openImages(`${folder}/a.tar`)).classes, ["0", "1"]);
    assertEquals((await openImages(`${folder}/a.tar`, { label: "txt" })).classes, undefined);
    await Deno.mkdir(`${folder}/s`);
    await Deno.rename(`${folder}/a.tar`, `${folder}/s/a.tar`);
    assertEquals(locate(await openImages(`${folder}/s`), 0).path, `${folder}/s/a.tar`);
  });
});

Deno.test("no list is kept of a small shard or one that has only just changed; a damaged list costs a read", async () => {
  await withCache(async (folder, cache) => {
    const shard = `${folder}/a.tar`;
    const lists = () => Array.from(Deno.readDirSync(`${cache}/indexes`)).length;
    writeShard(shard, ["x"], new Date());
    await openImages(shard);
    assertEquals(lists(), 0);
    Deno.utimeSync(shard, LONG_AGO, LONG_AGO);
    let reads = 0;
    const list = () => {
      reads++;
      return NONE;
    };
    const read = (large?: number) => indexShard(shard, [], new LeftOutAccount(), list, { large });
    await read(2 ** 30);
    assertEquals([reads, lists()], [1, 0]);
    for (const _ of [1, 2]) await read();
    assertEquals([reads, lists()], [2, 1]);
    for (const { name } of Deno.readDirSync(`${cache}/indexes`)) {
      Deno.writeTextFileSync(`${cache}/indexes/${name}`, "{");
    }
    await read();
    assertEquals(reads, 3);
  });
});

Deno.test("a shard is settled two seconds after its last change, and one that changes while it is read is not", async () => {
  await withCache(async (folder, cache) => {
    const shard = `${folder}/a.tar`, now = Date.now;
    const time = Math.floor(now() / 1000) * 1000;
    const kept = async (age: number, read = () => {}) => {
      writeShard(shard, ["x"], new Date(time - age));
      Date.now = () => time;
      try {
        await indexShard(shard, age, new LeftOutAccount(), () => (read(), NONE));
      } finally {
        Date.now = now;
      }
      const names = Array.from(Deno.readDirSync(`${cache}/indexes`), ({ name }) => name);
      for (const name of names) Deno.removeSync(`${cache}/indexes/${name}`);
      return names.length;
    };
    assertEquals([await kept(2000), await kept(1999)], [1, 0]);
    assertEquals(await kept(9000, () => Deno.utimeSync(shard, LATER, LATER)), 0);
    assertEquals(await kept(9000, () => writeShard(shard, ["x", "y"], new Date(time - 9000))), 0);
  });
});

Deno.test("scores and classes that are names are kept too", async () => {
  await withCache(async (folder) => {
    const shard = `${folder}/a.tar`;
    {
      using file = Deno.openSync(shard, { create: true, write: true });
      for (const [name, score] of [["x", 0.25], ["y", 0.75]]) {
        writeMember(file, `${name}.jpg`, new Uint8Array(2 ** 20));
        const json = JSON.stringify({ score, kind: `kind ${name}` });
        writeMember(file, `${name}.json`, new TextEncoder().encode(json));
      }
      writeEnd(file);
    }
    Deno.utimeSync(shard, LONG_AGO, LONG_AGO);
    const options = { label: "json.kind", score: "json.score" };
    for (
      const [minScore, paths] of [[0.5, ["a.tar/y.jpg"]], [0.1, [
        "a.tar/x.jpg",
        "a.tar/y.jpg",
      ]]] as const
    ) {
      const found = await openImages(shard, { ...options, minScore });
      assertEquals([[...found.paths], found.classes?.at(-1)], [[...paths], "kind y"]);
    }
  });
});
