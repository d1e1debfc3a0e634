import { assertEquals, assertRejects } from "@std/assert";
import { dirname, join } from "@std/path";
import { scanImageFolder } from "../../../src/data/sources/folder.ts";
import { indexFolder } from "../../../src/data/sources/folder_index.ts";
import { inTempFolder } from "../../temp_folder.ts";

const endings = new Set([".jpg"]);
const LONG_AGO = new Date(2020, 1, 1);

/** Runs the body with a folder of empty files that changed long ago, and a cache of its own. */
async function withFolder(
  names: string[],
  body: (root: string, cache: string) => Promise<void>,
): Promise<void> {
  await inTempFolder(async (folder) => {
    const root = `${folder}/images`, cache = `${folder}/cache`;
    for (const name of names) {
      await Deno.mkdir(dirname(join(root, name)), { recursive: true });
      await Deno.writeFile(join(root, name), new Uint8Array());
    }
    settle(root, "", "a", "b");
    Deno.env.set("DEINO_CACHE", cache);
    try {
      await body(root, cache);
    } finally {
      Deno.env.delete("DEINO_CACHE");
    }
  });
}

function settle(root: string, ...folders: string[]): void {
  for (const folder of folders) Deno.utimeSync(join(root, folder), LONG_AGO, LONG_AGO);
}

const names = ["a/1.jpg", "a/2.jpg", "b/1.jpg", "b/x.heic"];

Deno.test("a large folder's list is kept until a folder in it changes", async () => {
  await withFolder(names, async (root) => {
    const walked = await indexFolder(root, endings, { large: 3 });
    const kept = await indexFolder(root, endings, { large: 3 });
    assertEquals([kept.paths, kept.topFolders], [walked.paths, ["a", "b"]]);
    assertEquals(kept.leftOut.list(), walked.leftOut.list());
    Deno.writeFileSync(join(root, "b", "2.jpg"), new Uint8Array());
    assertEquals(
      (await indexFolder(root, endings)).paths.length,
      4,
      "the folder's time has changed",
    );
    settle(root, "b");
    assertEquals(
      (await indexFolder(root, endings)).paths.length,
      3,
      "the list is the one that was kept",
    );
  });
});

Deno.test("no list is kept of a small folder, or of one that has only just changed", async () => {
  await withFolder(names, async (root, cache) => {
    const lists = () => Array.from(Deno.readDirSync(`${cache}/indexes`)).length;
    await indexFolder(root, endings, { large: 4 });
    assertEquals(lists(), 0);
    Deno.utimeSync(join(root, "b"), new Date(), new Date());
    await indexFolder(root, endings, { large: 3 });
    assertEquals(lists(), 0);
  });
});

Deno.test("a cache that cannot be made, or a damaged list, costs a walk and no more", async () => {
  await withFolder(names, async (root, cache) => {
    await indexFolder(root, endings, { large: 3 });
    for (const { name } of Deno.readDirSync(`${cache}/indexes`)) {
      Deno.writeTextFileSync(`${cache}/indexes/${name}`, "no index");
    }
    assertEquals((await indexFolder(root, endings, { large: 3 })).paths.length, 3);
    Deno.env.set("DEINO_CACHE", join(root, "a", "1.jpg"));
    assertEquals((await indexFolder(root, endings, { large: 3 })).paths.length, 3);
  });
});

Deno.test("listing tells how many names it has seen, and ends with the reason when it is stopped", async () => {
  await inTempFolder(async (root) => {
    for (let i = 0; i < 10_001; i++) Deno.writeFileSync(`${root}/${i}.jpg`, new Uint8Array());
    const seen: number[] = [];
    await indexFolder(root, endings, { onProgress: (names) => seen.push(names) });
    assertEquals(seen, [10_000]);
    const signal = AbortSignal.abort(new Error("stopped"));
    await assertRejects(() => indexFolder(root, endings, { signal }), Error, "stopped");
  });
});

Deno.test("thousands of names in hundreds of classes are listed in the order of whole paths", async () => {
  await inTempFolder(async (folder) => {
    for (let i = 0; i < 200; i++) {
      Deno.mkdirSync(`${folder}/c${i}`);
      for (let j = 0; j < 20; j++) Deno.writeFileSync(`${folder}/c${i}/${j}.jpg`, new Uint8Array());
    }
    const { paths, classes, labels } = await scanImageFolder(folder);
    assertEquals([paths.length, classes!.length], [4000, 200]);
    assertEquals(paths, paths.toSorted());
    assertEquals(paths.every((path, i) => path.startsWith(`${classes![labels![i]]}/`)), true);
  });
});

Deno.test("a folder is settled two seconds after its last change", async () => {
  await withFolder(names, async (root, cache) => {
    const now = Date.now, time = Math.floor(now() / 1000) * 1000;
    const kept = async (age: number) => {
      Deno.utimeSync(join(root, "b"), new Date(time - age), new Date(time - age));
      Date.now = () => time;
      try {
        await indexFolder(root, endings, { large: 3 });
      } finally {
        Date.now = now;
      }
      return Array.from(Deno.readDirSync(`${cache}/indexes`)).length;
    };
    assertEquals([await kept(1999), await kept(2000)], [0, 1]);
  });
});
