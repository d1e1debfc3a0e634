import "../../native.ts";
import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { makeBuiltinDataset } from "../../../src/data/builtin/builtin.ts";
import { decodeImage } from "../../../src/data/codec/decode.ts";
import { scanImageFolder } from "../../../src/data/sources/folder.ts";
import { findSplits } from "../../../src/data/sources/splits.ts";
import { readImageHeader } from "../../../src/data/codec/image_header.ts";
import { createHash } from "node:crypto";
import { inTempFolder } from "../../temp_folder.ts";

const SMALL = { trainPerClass: 2, valPerClass: 1, size: 32 };

Deno.test("the built-in dataset is a folder of labelled training and validation images", async () => {
  await inTempFolder(async (parent) => {
    const made: number[] = [];
    const folder = join(parent, "builtin");
    await makeBuiltinDataset(folder, { ...SMALL, onProgress: (count) => made.push(count) });
    const { train, val } = findSplits(folder);
    const images = await scanImageFolder(train);
    assertEquals([images.paths.length, images.classes?.length, made.at(-1)], [20, 10, 30]);
    assertEquals((await scanImageFolder(val!)).classes, images.classes);
    const image = await decodeImage(await Deno.readFile(join(train, images.paths[0])));
    assertEquals([image.width, image.height], [32, 32]);
  });
});

Deno.test("the built-in images are a pure function of the seed, and all differ", async () => {
  await inTempFolder(async (parent) => {
    for (const [name, seed] of [["a", 1], ["b", 1], ["c", 2]] as const) {
      await makeBuiltinDataset(join(parent, name), { ...SMALL, seed });
    }
    const read = (path: string) => Deno.readFile(join(parent, path));
    assertEquals(await read("a/train/stars/0001.jpg"), await read("b/train/stars/0001.jpg"));
    assertNotEquals(await read("a/train/stars/0001.jpg"), await read("c/train/stars/0001.jpg"));
    assertNotEquals(await read("a/train/stars/0000.jpg"), await read("a/val/stars/0000.jpg"));
  });
});

Deno.test("a built-in dataset that exists is taken as it is", async () => {
  await inTempFolder(async (folder) => {
    await makeBuiltinDataset(folder, SMALL);
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  });
});

Deno.test("a built-in dataset that fails half-way leaves nothing behind", async () => {
  await inTempFolder(async (parent) => {
    const onProgress = (made: number) => {
      if (made === 5) throw new Error("the disk is full");
    };
    const make = makeBuiltinDataset(join(parent, "builtin"), { ...SMALL, onProgress });
    await assertRejects(() => make, Error, "the disk is full");
    assertEquals(await Array.fromAsync(Deno.readDir(parent)), []);
    await makeBuiltinDataset(join(parent, "builtin"), SMALL);
    assert((await Deno.stat(join(parent, "builtin", "train"))).isDirectory);
  });
});

Deno.test("unless told otherwise a class has 200 images for training and 50 for validation", async () => {
  await inTempFolder(async (parent) => {
    const total = async (options: { trainPerClass?: number; valPerClass?: number }) => {
      let all = 0;
      const onProgress = (_: number, total: number) => {
        all = total;
        throw new Error("enough");
      };
      const folder = join(parent, "builtin");
      await assertRejects(() => makeBuiltinDataset(folder, { ...options, size: 8, onProgress }));
      return all / 10;
    };
    assertEquals(await total({}), 250);
    assertEquals(await total({ trainPerClass: 3 }), 53);
    assertEquals(await total({ valPerClass: 3 }), 203);
  });
});

Deno.test("the built-in images are those that runs were measured with, byte for byte", async () => {
  await inTempFolder(async (parent) => {
    await makeBuiltinDataset(join(parent, "a"), { trainPerClass: 1, valPerClass: 1 });
    const hash = createHash("sha256");
    for (const split of ["train", "val"]) {
      for (const path of (await scanImageFolder(join(parent, "a", split))).paths) {
        const bytes = await Deno.readFile(join(parent, "a", split, path));
        const { width, height } = await readImageHeader(bytes);
        assertEquals([width, height], [64, 64]);
        hash.update(path).update(bytes);
      }
    }
    assertEquals(
      hash.digest("hex"),
      "9941f5825e3e13f8468f7dfaacf3844eec62187a1947dd03ec1dc44b09bd6586",
    );
  });
});

Deno.test("a dataset that another process finished first is taken, and what was made meanwhile removed", async () => {
  await inTempFolder(async (parent) => {
    const folder = join(parent, "builtin");
    const onProgress = (made: number) => {
      if (made > 1) return;
      Deno.mkdirSync(folder);
      Deno.writeTextFileSync(join(folder, "theirs"), "");
    };
    await makeBuiltinDataset(folder, { trainPerClass: 1, valPerClass: 0, size: 8, onProgress });
    assertEquals(Array.from(Deno.readDirSync(parent), ({ name }) => name), ["builtin"]);
    assertEquals(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["theirs"]);
  });
});
